package dev.airlock.bench.report;

import dev.airlock.bench.measure.Alternation;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table.
 *
 * @param id stable, as in docs/performance.md
 * @param ratio ours through the baseline's, the median of the blocks' ratios
 * @param goal absent when the row is for information
 * @param met whether the goal was reached; absent without one
 */
public record Row(
        String id,
        Measured ours,
        Measured baseline,
        double ratio,
        @Nullable Goal goal,
        @Nullable Boolean met) {

    private static Row of(String id, Measured ours, Measured baseline, double ratio, @Nullable Goal goal) {
        return new Row(id, ours, baseline, ratio, goal, goal == null ? null : goal.met(ratio, ours.median()));
    }

    /** Less is better. */
    public static Row cost(
            String id, String unit, String ours, String baseline, Alternation both, @Nullable Goal goal) {
        return of(
                id,
                Measured.cost(ours, unit, both.ours()),
                Measured.cost(baseline, unit, both.baseline()),
                both.ratio(),
                goal);
    }

    /** More is better. */
    public static Row rate(
            String id, String unit, String ours, String baseline, Alternation both, @Nullable Goal goal) {
        return of(
                id,
                Measured.rate(ours, unit, both.ours()),
                Measured.rate(baseline, unit, both.baseline()),
                both.ratio(),
                goal);
    }
}
