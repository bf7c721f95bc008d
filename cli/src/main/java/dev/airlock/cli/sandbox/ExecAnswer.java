package dev.airlock.cli.sandbox;

import dev.airlock.starter.session.CommandAnswer;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.sandbox.Limit;
import dev.airlock.workflows.session.Restored;
import org.jspecify.annotations.Nullable;

/**
 * A command's end, as programs get it.
 *
 * @param output the first bytes of it; base64 in JSON
 * @param truncated whether the command wrote more than that
 * @param bytes that were kept; all of them are in the artifact {@code digest}
 */
record ExecAnswer(
        String sandbox,
        long command,
        @Nullable Integer exitCode,
        @Nullable Limit limit,
        String output,
        boolean truncated,
        long bytes,
        @Nullable Digest digest,
        @Nullable Restored restored) {
    /** Larger ones are no good in one line of JSON. */
    static final int MOST_OUTPUT = 8 << 20;

    static ExecAnswer of(CommandAnswer answer, byte[] output) {
        return new ExecAnswer(
                answer.sandbox().value(),
                answer.command(),
                answer.exitCode(),
                answer.limit(),
                java.util.Base64.getEncoder().encodeToString(output),
                answer.truncated() || answer.bytes() > output.length,
                answer.bytes(),
                answer.output(),
                answer.restored());
    }
}
