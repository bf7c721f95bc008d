package dev.airlock.activities.hostile;

import dev.airlock.activities.hostile.HostileCase.Outside;
import dev.airlock.activities.hostile.Observation.End;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.activities.sandbox.SandboxTrial;
import dev.airlock.activities.sandbox.SandboxTrial.Outcome;
import dev.airlock.activities.sandbox.SandboxTrials;
import dev.airlock.activities.sandbox.SandboxUnreachable;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs one case after the other, each in a fresh sandbox, with its neighbour where it has one. Thread-safe. */
final class HostileRunner {
    private static final String PROGRAM = "hostile";
    private static final String READY = "ready";
    private static final String GO_ON = "go-on";
    private static final long MIB = 1 << 20;
    /** Small, so that every case meets its limit soon and the host notices nothing. */
    private static final CommandSpec.Limits LIMITS =
            new CommandSpec.Limits(1000, 64 * MIB, 32 * MIB, 64, Duration.ofSeconds(20), 4 * MIB);

    private static final Duration PROBE = Duration.ofSeconds(10);
    /** How long a case that nobody ends may go on past its time-out. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final int OUTPUT_LOOKED_AT = 8 << 20;

    private final SandboxTrials trials;
    private final byte[] program;
    private final String mark;

    /**
     * @param program the suite's binary
     * @param mark stands on every command line of a case, so that what is left of one is found on the host
     */
    HostileRunner(SandboxTrials trials, Path program, String mark) throws IOException {
        this.trials = trials;
        this.program = Files.readAllBytes(program);
        this.mark = mark;
    }

    /**
     * Runs one. What was merely late is tried once more: a machine that is busy with something else makes anything late once.
     *
     * @throws IOException when the engine fails, so that nothing is known of the case
     */
    Judge.Judgement run(HostileCase one) throws IOException {
        Observation seen = observe(one);
        return Judge.of(one, Judge.isLate(one, seen) ? observe(one) : seen);
    }

    /**
     * Runs quick ones in one sandbox, and believes what they say themselves.
     *
     * @throws IOException when the engine fails
     */
    List<Judge.Judgement> together(List<HostileCase> cases) throws IOException {
        List<String> words = new ArrayList<>(List.of("run"));
        cases.forEach(one -> words.add(one.name()));
        try (SandboxTrial trial = open(words, PROBE, false)) {
            trial.start();
            Observation seen = observation(trial.end(PROBE.plus(PATIENCE)));
            List<String> lines = seen.output().lines().toList();
            return cases.stream().map(one -> said(one, lines, seen)).toList();
        }
    }

    private static Judge.Judgement said(HostileCase one, List<String> lines, Observation seen) {
        return lines.stream()
                .flatMap(line -> Judge.word(one.name(), line).stream())
                .findFirst()
                .orElseGet(() -> new Judge.Judgement(Verdict.BREACHED, "it said nothing: " + seen.end()));
    }

    private Observation observe(HostileCase one) throws IOException {
        Outside outside = one.outside();
        try (SandboxTrial trial = open(List.of("run", one.name()), outside.timeout(), outside.collects())) {
            Observation seen = watched(trial, outside);
            return trial.remove() ? seen : seen.but("its sandbox is still there");
        }
    }

    private Observation watched(SandboxTrial trial, Outside outside) throws IOException {
        String trouble = "";
        String beside = outside.probes().beside();
        if (beside == null) {
            trial.start();
        } else {
            trouble = withNeighbour(trial, beside);
        }
        Outcome outcome = trial.end(outside.timeout().plus(PATIENCE));
        Observation seen = observation(outcome);
        if (!trouble.isEmpty()) {
            seen = seen.but(trouble);
        }
        String then = outside.probes().then();
        return then == null || seen.end() instanceof End.Lost || seen.end() instanceof End.Died
                ? seen
                : afterwards(trial, then, seen);
    }

    /** The neighbour is made before, so that nothing but the probe itself can fail in it. */
    private String withNeighbour(SandboxTrial trial, String probe) throws IOException {
        try (SandboxTrial neighbour = open(List.of("probe", probe), PROBE, false)) {
            trial.start();
            String trouble = "";
            if (trial.says(READY, PROBE)) {
                neighbour.start();
                Observation seen = observation(neighbour.end(PROBE.plus(PATIENCE)));
                trouble = seen.end().equals(new End.Exited(0))
                        ? ""
                        : "a neighbour is affected: " + seen.output().strip();
                trial.put(GO_ON, new byte[0]);
            }
            return trouble;
        }
    }

    private Observation afterwards(SandboxTrial trial, String probe, Observation seen) throws IOException {
        try {
            SandboxTrial.Reply reply = trial.ask(command(List.of("probe", probe)), PROBE);
            return reply.passed() ? seen : seen.but("afterwards: " + reply.text());
        } catch (SandboxUnreachable e) {
            throw e;
        } catch (IOException e) {
            return seen.but("afterwards: " + e.getMessage());
        }
    }

    private SandboxTrial open(List<String> words, Duration timeout, boolean collected) throws IOException {
        CommandSpec.Limits limits = new CommandSpec.Limits(
                LIMITS.cpuMillis(), LIMITS.memory(), LIMITS.disk(), LIMITS.pids(), timeout, LIMITS.output());
        SandboxTrial trial = trials.open(new CommandSpec(command(words), CommandSpec.BASE_IMAGE, limits), collected);
        try {
            trial.put(PROGRAM, program);
            return trial;
        } catch (IOException | RuntimeException e) {
            trial.close();
            throw e;
        }
    }

    private List<String> command(List<String> words) {
        List<String> all = new ArrayList<>(List.of("./" + PROGRAM));
        all.addAll(words);
        all.addAll(List.of("--", mark));
        return List.copyOf(all);
    }

    private static Observation observation(Outcome outcome) throws IOException {
        String output;
        try (InputStream in = Files.newInputStream(outcome.output())) {
            output = new String(in.readNBytes(OUTPUT_LOOKED_AT), StandardCharsets.ISO_8859_1);
        }
        return new Observation(
                end(outcome.result()),
                outcome.took(),
                output,
                Files.size(outcome.output()),
                outcome.findings(),
                outcome.files(),
                List.of());
    }

    private static End end(SandboxResult result) throws IOException {
        return switch (result) {
            case SandboxResult.Ended ended -> end(ended.command());
            case SandboxResult.Died died -> new End.Died(died.detail());
            case SandboxResult.Lost lost -> new End.Lost(lost.detail());
        };
    }

    private static End end(CommandReport report) throws IOException {
        if (report.limit() != null) {
            return new End.Limited(report.limit().name());
        }
        if (report.exitCode() == null) {
            throw new SandboxException(FailureType.INTERNAL, "a command ended by neither code nor limit");
        }
        return new End.Exited(report.exitCode());
    }
}
