package dev.airlock.workflows.sandbox;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.Digest;
import org.jspecify.annotations.Nullable;

/** What became of a {@link SandboxJob}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SandboxResult.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = SandboxResult.Died.class, name = "died"),
    @JsonSubTypes.Type(value = SandboxResult.Lost.class, name = "lost")
})
public sealed interface SandboxResult {

    /**
     * The command ended and sandbox-init said how.
     *
     * @param content the checkpoint, when one was asked for and the command passed
     * @param findings digest of the findings of the collection (refused entries), absent when there were none
     */
    record Ended(
            CommandReport command,
            @Nullable Checkpoint content,
            @Nullable Digest findings) implements SandboxResult {}

    /**
     * The sandbox ended without a verdict although its daemon and host were well.
     *
     * @param egress what its command asked for on the network; absent when it had none
     */
    record Died(
            String detail,
            String image,
            EngineIdentity engine,
            @Nullable EgressSummary egress) implements SandboxResult {
        public Died(String detail, String image, EngineIdentity engine) {
            this(detail, image, engine, null);
        }
    }

    /**
     * Daemon or host lost the sandbox: says nothing about the change.
     *
     * @param egress what its command asked for on the network; absent when it had none, or when that is lost too
     */
    record Lost(String detail, @Nullable EgressSummary egress) implements SandboxResult {
        public Lost(String detail) {
            this(detail, null);
        }
    }
}
