package dev.airlock.bench.sandbox;

import dev.airlock.activities.sandbox.Sandbox;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxSpec;
import dev.airlock.activities.sandbox.init.Command;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.activities.sandbox.init.Window;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.measure.Stopwatch;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Cold steps on the product's engine: a sandbox is made, hardened and checked, runs one command, and is removed. */
final class EngineSteps {
    /** What every side runs. */
    static final List<String> COMMAND = List.of("/bin/echo", "hello");

    static final String SAID = "hello\n";

    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final SandboxEngine engine;
    private final String installation;
    private final String image;
    private final boolean removed;
    private int steps;

    /** @param removed whether the clock runs until the sandbox is gone, or until the command's end is known */
    private EngineSteps(SandboxEngine engine, String installation, String image, boolean removed) {
        this.engine = engine;
        this.installation = installation;
        this.image = image;
        this.removed = removed;
    }

    static EngineSteps untilKnown(SandboxEngine engine, String installation) throws IOException {
        return new EngineSteps(engine, installation, engine.image(CommandSpec.BASE_IMAGE), false);
    }

    static EngineSteps untilRemoved(SandboxEngine engine, String installation) throws IOException {
        return new EngineSteps(engine, installation, engine.image(CommandSpec.BASE_IMAGE), true);
    }

    Samples block(int count) throws IOException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            millis.add(step());
        }
        return Samples.of(millis);
    }

    private double step() throws IOException {
        SandboxSpec spec = spec();
        Stopwatch watch = new Stopwatch();
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            double known = runIn(sandbox, watch);
            sandbox.release();
            // The last of it goes in the background; whoever asks waits for that.
            if (engine.exists(spec.name())) {
                throw new IOException(spec.name() + " is still there");
            }
            return removed ? watch.millis() : known;
        }
    }

    private static double runIn(Sandbox sandbox, Stopwatch watch) throws IOException {
        String token = sandbox.name();
        TreeMap<String, String> environment = new TreeMap<>();
        environment.put("PATH", "/usr/bin:/bin");
        sandbox.run(new Command(token, COMMAND, environment, "", LIFE));
        StringBuilder output = new StringBuilder();
        Window window;
        do {
            window = sandbox.read(token, output.length(), POLL);
            output.append(StandardCharsets.US_ASCII.decode(window.data().duplicate()));
        } while (!window.last());
        CommandStatus status = sandbox.state(token);
        double millis = watch.millis();
        if (!status.passed() || !output.toString().equals(SAID)) {
            throw new IOException(sandbox.name() + " ended with " + status + " and said " + output);
        }
        return millis;
    }

    /** A spec of a sandbox that never was. */
    SandboxSpec spec() {
        RunId run = Names.run(installation, "airlock:bench", engine.identity().name() + removed + steps++);
        StepAttempt at = new StepAttempt(run, "bench", 1);
        String name = Names.sandbox(installation, at);
        Digest digest = Names.auditOrigin(run);
        return new SandboxSpec(
                name,
                new SandboxSpec.Owner(installation, at),
                image,
                CommandSpec.Limits.DEFAULT,
                new SandboxSpec.Lease(name, digest, Instant.now().plus(LIFE)));
    }
}
