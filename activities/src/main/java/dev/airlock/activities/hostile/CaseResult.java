package dev.airlock.activities.hostile;

import org.jspecify.annotations.Nullable;

/**
 * What came of one case.
 *
 * @param detail what was seen
 * @param reason why this engine lets it through; for exceptions alone
 * @param ms from before its sandbox was made until nothing of it was left
 */
public record CaseResult(
        String name,
        String group,
        Verdict verdict,
        String detail,
        @Nullable String reason,
        long ms) {}
