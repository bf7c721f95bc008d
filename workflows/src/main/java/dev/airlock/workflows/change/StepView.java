package dev.airlock.workflows.change;

import dev.airlock.workflows.sandbox.CommandReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step attempt as others see it.
 *
 * @param verdict present once the attempt is done
 * @param command present when the attempt ran a command in a sandbox and knows how it ended
 * @param note one line for people: why it is red, lost or waiting for attention
 */
public record StepView(
        String id,
        int attempt,
        StepState state,
        @Nullable Verdict verdict,
        @Nullable CommandReport command,
        @Nullable String note,
        Instant started,
        @Nullable Instant ended) {}
