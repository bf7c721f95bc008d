package dev.airlock.bench.report;

import dev.airlock.bench.measure.Samples;
import java.util.List;

/**
 * One side of a row.
 *
 * @param what was measured, for people
 * @param unit such as {@code ms} or {@code runs/s}
 * @param median of the blocks' medians
 * @param best of all samples: the least cost, or the highest rate
 * @param blocks each block's median, in order
 */
public record Measured(String what, String unit, double median, double best, List<Double> blocks) {
    public Measured {
        blocks = List.copyOf(blocks);
    }

    /** Less is better. */
    public static Measured cost(String what, String unit, List<Samples> blocks) {
        double least = blocks.stream().mapToDouble(Samples::least).min().orElseThrow();
        return new Measured(what, unit, median(blocks), least, medians(blocks));
    }

    /** More is better. */
    public static Measured rate(String what, String unit, List<Samples> blocks) {
        double most = blocks.stream().mapToDouble(Samples::most).max().orElseThrow();
        return new Measured(what, unit, median(blocks), most, medians(blocks));
    }

    private static double median(List<Samples> blocks) {
        return Samples.of(medians(blocks)).median();
    }

    private static List<Double> medians(List<Samples> blocks) {
        return blocks.stream().map(Samples::median).toList();
    }
}
