package dev.airlock.workflows.session;

import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.sandbox.Limit;
import org.jspecify.annotations.Nullable;

/**
 * How a command in an interactive sandbox ended.
 *
 * @param exitCode what {@code waitpid} gave; 128 + signal when one ended it, which a kill by request is; absent when a limit did
 * @param output artifact that holds its kept output, absent when its sandbox died without a word
 * @param bytes of it
 * @param truncated whether it wrote more than was kept
 */
public record CommandEnd(
        @Nullable Integer exitCode,
        @Nullable Limit limit,
        @Nullable Digest output,
        long bytes,
        boolean truncated) {}
