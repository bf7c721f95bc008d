package dev.airlock.bench.sandbox;

import dev.airlock.bench.machine.Tool;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.measure.Stopwatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The same command by a tool's own command line, from its start to its end. */
final class BareTool {
    private final IntFunction<List<String>> line;
    private int calls;

    /** @param line the command line of the n-th call */
    BareTool(IntFunction<List<String>> line) {
        this.line = line;
    }

    Samples block(int count) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> command = line.apply(calls++);
            Stopwatch watch = new Stopwatch();
            String said = Tool.run(command);
            millis.add(watch.millis());
            if (!said.equals(EngineSteps.SAID)) {
                throw new IOException(String.join(" ", command) + " said " + said);
            }
        }
        return Samples.of(millis);
    }
}
