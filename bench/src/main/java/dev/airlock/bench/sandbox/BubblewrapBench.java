package dev.airlock.bench.sandbox;

import dev.airlock.bench.lab.Bench;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.bench.machine.Tool;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One cold sandbox step on bubblewrap (a1b). */
public final class BubblewrapBench implements Bench {
    private static final int STEPS = 10;

    @Override
    public Set<String> ids() {
        return Set.of("a1b");
    }

    @Override
    public List<Row> measure(Lab lab) throws Exception {
        String program = Tool.find("bwrap")
                .orElseThrow(() -> new Unmeasurable("bubblewrap is not installed"))
                .toString();
        try (Engine engine = Engine.open("bubblewrap", lab)) {
            EngineSteps steps = engine.untilRemoved();
            BareTool bare = new BareTool(number -> bare(program));
            lab.say("a1b: against bwrap");
            steps.block(STEPS);
            bare.block(STEPS);
            return List.of(Row.cost(
                    "a1b",
                    "ms",
                    "cold step on bubblewrap, until it is removed",
                    "bwrap --unshare-all",
                    Alternation.of(lab.blocks(), () -> steps.block(STEPS), () -> bare.block(STEPS)),
                    null));
        }
    }

    /** Everything unshared, and nothing of what keeps a command from the host. */
    private static List<String> bare(String program) {
        List<String> line = new ArrayList<>(List.of(program, "--unshare-all", "--ro-bind", "/usr", "/usr"));
        for (String link : List.of("bin", "lib", "lib64", "sbin")) {
            line.addAll(List.of("--symlink", "usr/" + link, "/" + link));
        }
        line.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"));
        line.addAll(EngineSteps.COMMAND);
        return line;
    }
}
