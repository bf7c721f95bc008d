package dev.airlock.bench.measure;

/** Milliseconds since it was made. */
public final class Stopwatch {
    private static final double NANOS = 1_000_000;

    private final long start = System.nanoTime();

    public double millis() {
        return (System.nanoTime() - start) / NANOS;
    }

    /** Work to be timed. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** How long each of so many goes took. */
    public static Samples times(int goes, Work work) throws Exception {
        double[] millis = new double[goes];
        for (int i = 0; i < goes; i++) {
            Stopwatch watch = new Stopwatch();
            work.run();
            millis[i] = watch.millis();
        }
        return Samples.of(millis);
    }
}
