package dev.airlock.activities.egress;

import dev.airlock.activities.sandbox.init.TunnelLink;
import dev.airlock.evidence.egress.EgressDocument;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Lets sandboxes out as far as their steps ask and the installation allows. Thread-safe. */
public final class EgressGuard {
    private final EgressSettings settings;
    private final Bounds bounds;

    public EgressGuard(EgressSettings settings) {
        this(settings, Bounds.DEFAULT);
    }

    public EgressGuard(EgressSettings settings, Bounds bounds) {
        this.settings = settings;
        this.bounds = bounds;
    }

    /**
     * Of one attempt.
     *
     * @param connections requests, also refused ones
     * @param bytes in both directions together
     * @param connect how long an upstream may take to answer the phone
     * @param idle how long a connection may stand still
     * @param drain how long the rest may take after the command's end
     */
    public record Bounds(long connections, long bytes, Duration connect, Duration idle, Duration drain) {
        public static final Bounds DEFAULT =
                new Bounds(20_000, 2L << 30, Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofSeconds(5));
    }

    /** @throws NetworkRefused when the step asks for more than the installation allows */
    public void require(@Nullable Network network) throws NetworkRefused {
        if (network != null) {
            settings.require(network);
        }
    }

    /**
     * Answers for a sandbox's way out from now on.
     *
     * @param journal of the attempt; another worker may have begun it
     */
    public EgressSession begin(TunnelLink link, Network network, Path journal, StepAttempt at) throws IOException {
        EgressLog log = EgressLog.open(journal, at);
        Dialer dialer = new Dialer(settings, bounds.connect(), bounds.idle());
        Budget budget = new Budget(bounds.connections(), bounds.bytes());
        Gate gate = new Gate(new EgressRules(network), settings, dialer, log, budget);
        return new EgressSession(link, gate, log, bounds, at);
    }

    /** What was noted of an attempt whose sandbox is gone. */
    public static EgressDocument recall(Path journal, StepAttempt at) throws IOException {
        try (EgressLog log = EgressLog.open(journal, at)) {
            return log.document(OptionalLong.empty());
        }
    }
}
