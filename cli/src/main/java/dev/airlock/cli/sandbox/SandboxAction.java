package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.starter.session.InteractiveSandbox;
import dev.airlock.starter.session.SandboxStatus;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.session.Restored;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A command about one sandbox. */
abstract class SandboxAction extends Action {
    @Parameters(index = "0", paramLabel = "ID", description = "The sandbox's id, as `start` printed it, or its start.")
    private String typed = "";

    private @Nullable InteractiveSandbox sandbox;

    SandboxAction(Session session) {
        super(session);
    }

    final InteractiveSandbox sandbox() {
        if (sandbox == null) {
            sandbox = SandboxClient.named(typed, session());
        }
        return sandbox;
    }

    /** Says that what the caller may count on is not there any more. */
    final void note(@Nullable Restored restored) {
        if (restored == null) {
            return;
        }
        String why = restored.reason() == Restored.Reason.IDLE ? "was idle and released" : "was lost";
        String files = restored.snapshot() == null
                ? "its workspace is empty"
                : "its workspace is the snapshot of " + restored.snapshot().taken();
        answers()
                .note("the sandbox " + why + "; this is a new container, " + files
                        + ". What was outside the workspace is gone.");
    }

    static void write(SandboxStatus status, Text text) {
        EngineIdentity engine = status.engine();
        String until = status.outcome() == null
                ? status.expires() == null ? "" : " until " + status.expires()
                : " (" + status.outcome() + ")";
        String by = engine == null ? "" : ", " + engine.name() + " " + engine.runtime() + " (" + engine.tier() + ")";
        text.line(status.sandbox() + " " + status.state() + until + by);
    }
}
