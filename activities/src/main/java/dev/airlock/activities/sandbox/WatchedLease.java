package dev.airlock.activities.sandbox;

import dev.airlock.platform.telemetry.Names.Attribute;
import dev.airlock.platform.telemetry.SandboxMetrics;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.telemetry.WorkSpan;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.time.Duration;

/** A sandbox that a worker holds, as telemetry sees it: how long until it answered, how long it was held, what its command said. */
final class WatchedLease implements AutoCloseable {
    private final SandboxMetrics.Lease lease;
    private final WorkSpan command;
    private boolean ended;

    private WatchedLease(SandboxMetrics.Lease lease, WorkSpan command) {
        this.lease = lease;
        this.command = command;
    }

    /** @param asked {@link System#nanoTime()} of when the sandbox was asked for */
    static WatchedLease begin(EngineIdentity engine, long asked) {
        Telemetry telemetry = Telemetry.current();
        return new WatchedLease(
                telemetry.sandboxes().leased(engine, Duration.ofNanos(System.nanoTime() - asked)),
                telemetry
                        .tracing()
                        .command()
                        .set(Attribute.ENGINE, engine.name())
                        .set(Attribute.TIER, engine.tier()));
    }

    /** Tells how the command ended, and returns it. */
    SandboxResult ended(SandboxResult result) {
        ended = true;
        switch (result) {
            case SandboxResult.Ended end -> tell(end.command());
            case SandboxResult.Died died ->
                command.set(Attribute.IMAGE, died.image()).failed("DIED");
            case SandboxResult.Lost lost -> command.failed("LOST");
        }
        return result;
    }

    private void tell(CommandReport report) {
        command.set(Attribute.IMAGE, report.image());
        if (report.exitCode() != null) {
            command.set(Attribute.EXIT_CODE, report.exitCode());
        }
        if (report.limit() != null) {
            command.set(Attribute.LIMIT, report.limit().name());
        }
    }

    @Override
    public void close() {
        if (!ended) {
            // Whoever comes back for it tells the rest in a span of its own.
            command.failed("UNFINISHED");
        }
        command.close();
        lease.close();
    }
}
