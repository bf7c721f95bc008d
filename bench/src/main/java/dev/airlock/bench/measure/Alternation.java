package dev.airlock.bench.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * Two sides in turn, block by block, so that whatever else the machine does meets both. Which side is first changes with
 * every block.
 */
public final class Alternation {
    private final List<Samples> ours = new ArrayList<>();
    private final List<Samples> baseline = new ArrayList<>();

    /** One side's block: a few samples in one go. */
    @FunctionalInterface
    public interface Side {
        Samples block() throws Exception;
    }

    private Alternation() {}

    /** Runs as many blocks of each. */
    public static Alternation of(int blocks, Side ours, Side baseline) throws Exception {
        Alternation alternation = new Alternation();
        for (int i = 0; i < blocks; i++) {
            if (i % 2 == 0) {
                alternation.ours.add(ours.block());
                alternation.baseline.add(baseline.block());
            } else {
                alternation.baseline.add(baseline.block());
                alternation.ours.add(ours.block());
            }
        }
        return alternation;
    }

    /** Blocks that were measured side by side; as many of each. */
    public static Alternation measured(List<Samples> ours, List<Samples> baseline) {
        if (ours.size() != baseline.size()) {
            throw new IllegalArgumentException(ours.size() + " blocks against " + baseline.size());
        }
        Alternation alternation = new Alternation();
        alternation.ours.addAll(ours);
        alternation.baseline.addAll(baseline);
        return alternation;
    }

    public List<Samples> ours() {
        return List.copyOf(ours);
    }

    public List<Samples> baseline() {
        return List.copyOf(baseline);
    }

    /** The median over the blocks of each pair's ratio: what slowed both in one block does not show in it. */
    public double ratio() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i).median() / baseline.get(i).median());
        }
        return Samples.of(ratios).median();
    }
}
