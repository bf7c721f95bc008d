package dev.airlock.bench.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * Two sides in turn, block by block, so that whatever else the machine does meets both. Which side is first changes with
 * every block.
 */
public final class Alternation {
    private final Side ours;
    private final Side baseline;
    private final List<Samples> ourBlocks = new ArrayList<>();
    private final List<Samples> baselineBlocks = new ArrayList<>();

    /** One side's block: a few samples in one go. */
    @FunctionalInterface
    public interface Side {
        Samples block() throws Exception;
    }

    private Alternation(Side ours, Side baseline) {
        this.ours = ours;
        this.baseline = baseline;
    }

    /** Runs as many blocks of each. */
    public static Alternation of(int blocks, Side ours, Side baseline) throws Exception {
        Alternation alternation = new Alternation(ours, baseline);
        for (int i = 0; i < blocks; i++) {
            alternation.pair(i % 2 == 0);
        }
        return alternation;
    }

    private void pair(boolean oursFirst) throws Exception {
        if (oursFirst) {
            ourBlocks.add(ours.block());
            baselineBlocks.add(baseline.block());
            return;
        }
        baselineBlocks.add(baseline.block());
        ourBlocks.add(ours.block());
    }

    public List<Samples> ours() {
        return List.copyOf(ourBlocks);
    }

    public List<Samples> baseline() {
        return List.copyOf(baselineBlocks);
    }

    /** The median over the blocks of each pair's ratio: what slowed both in one block does not show in it. */
    public double ratio() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ourBlocks.size(); i++) {
            ratios.add(ourBlocks.get(i).median() / baselineBlocks.get(i).median());
        }
        return Samples.of(ratios).median();
    }
}
