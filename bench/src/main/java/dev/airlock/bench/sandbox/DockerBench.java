package dev.airlock.bench.sandbox;

import dev.airlock.bench.lab.Bench;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.report.Goal;
import dev.airlock.bench.report.Row;
import dev.airlock.dev.image.BaseImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One cold sandbox step on docker (a1, a1'), and what its hardening costs (a4). */
public final class DockerBench implements Bench {
    private static final int STEPS = 5;

    private final List<Row> rows = new ArrayList<>();

    @Override
    public Set<String> ids() {
        return Set.of("a1", "a1'", "a4");
    }

    @Override
    public List<Row> measure(Lab lab) throws Exception {
        try (Engine engine = Engine.open("docker", lab)) {
            if (lab.wants("a1") || lab.wants("a1'")) {
                steps(lab, engine);
            }
            if (lab.wants("a4")) {
                hardening(lab, engine);
            }
        }
        return List.copyOf(rows);
    }

    private void steps(Lab lab, Engine engine) throws Exception {
        EngineSteps known = engine.untilKnown();
        EngineSteps removed = engine.untilRemoved();
        lab.say("a1: warming up");
        known.block(STEPS);
        if (lab.wants("a1")) {
            try {
                againstRunc(lab, known, removed);
            } catch (Unmeasurable e) {
                lab.skip("a1", String.valueOf(e.getMessage()));
            }
        }
        if (lab.wants("a1'")) {
            againstDocker(lab, removed);
        }
    }

    private void againstRunc(Lab lab, EngineSteps known, EngineSteps removed) throws Exception {
        RuncBundle bundle = RuncBundle.of(BaseImage.REFERENCE, lab);
        BareTool runc = new BareTool(bundle::run);
        runc.block(STEPS);
        lab.say("a1: against runc");
        rows.add(Row.cost(
                "a1",
                "ms",
                "cold step, claim to confirmed exit",
                "runc run",
                Alternation.of(lab.blocks(), () -> known.block(STEPS), () -> runc.block(STEPS)),
                Goal.ratioAtMost(4.5)));
        rows.add(Row.cost(
                "a1",
                "ms",
                "the same, until it is removed",
                "runc run",
                Alternation.of(lab.blocks(), () -> removed.block(STEPS), () -> runc.block(STEPS)),
                null));
    }

    private void againstDocker(Lab lab, EngineSteps removed) throws Exception {
        List<String> line = new ArrayList<>(List.of("docker", "run", "--rm", "--network", "none", BaseImage.REFERENCE));
        line.addAll(EngineSteps.COMMAND);
        BareTool docker = new BareTool(number -> line);
        docker.block(STEPS);
        lab.say("a1': against docker run");
        rows.add(Row.cost(
                "a1'",
                "ms",
                "cold step, until it is removed",
                "docker run --rm --network none",
                Alternation.of(lab.blocks(), () -> removed.block(STEPS), () -> docker.block(STEPS)),
                Goal.ratioAtMost(0.6)));
    }

    private void hardening(Lab lab, Engine engine) throws Exception {
        lab.say("a4: hardened against bare");
        EngineSteps steps = engine.untilKnown();
        try (OptionsCost options = OptionsCost.readOff(engine.engine(), steps.spec())) {
            options.hardened(1);
            options.bare(1);
            rows.add(Row.cost(
                    "a4",
                    "ms",
                    "container with all our options",
                    "the same calls, no options",
                    Alternation.of(lab.blocks(), () -> options.hardened(STEPS), () -> options.bare(STEPS)),
                    Goal.ratioAtMost(1.15)));
        }
    }
}
