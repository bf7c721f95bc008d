package dev.airlock.cli.sandbox;

import dev.airlock.activities.hostile.CaseResult;
import dev.airlock.activities.hostile.ControlRun;
import dev.airlock.activities.hostile.HostUse;
import dev.airlock.activities.hostile.HostileCase;
import dev.airlock.activities.hostile.HostileSuite;
import dev.airlock.activities.hostile.Selftest;
import dev.airlock.activities.hostile.SelftestReport;
import dev.airlock.activities.hostile.Verdict;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Engines;
import dev.airlock.cli.session.Scratch;
import dev.airlock.cli.session.Session;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.worker.SandboxEngines;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the hostile suite against this machine's engine. Needs no server, and touches nothing of the state directory. */
@Command(
        name = "selftest",
        description = "Run programs that mean harm in this machine's sandboxes, and say what each one came to.",
        exitCodeList = {
            "0:all were contained, but for the exceptions that are listed",
            "1:one got through, or left something behind",
            "2:the engine failed, so that something is not known"
        },
        footer = {
            "",
            "Each case runs in a fresh sandbox of an installation of its own, two at a time, and takes about a second; all of them",
            "take some minutes. They are bounded by themselves and change nothing of the machine. docs/hostile.md names them all.",
            "",
            "Examples:",
            "  airlock sandbox selftest",
            "  airlock sandbox selftest --case fork-bomb --case init-mem",
            "  airlock sandbox selftest --engine bubblewrap -o json | jq '.cases[] | select(.verdict == \"exception\")'"
        })
public final class SelftestCommand extends Action {
    private static final String BASE_IMAGE = "airlock-base:latest";

    @Option(
            names = "--engine",
            paramLabel = "docker|bubblewrap",
            defaultValue = "${env:AIRLOCK_ENGINE}",
            description = "Which engine ($$AIRLOCK_ENGINE). Default: docker when it answers, else bubblewrap.")
    private @Nullable String engine;

    @Option(
            names = "--runtime",
            paramLabel = "NAME",
            defaultValue = "${env:AIRLOCK_RUNTIME}",
            description = "Which of docker's runtimes ($$AIRLOCK_RUNTIME). Default: runc.")
    private @Nullable String runtime;

    @Option(names = "--case", paramLabel = "NAME", description = "This one alone; may be repeated. Default: all.")
    private List<String> names = List.of();

    @Option(names = "--quick", description = "Only those that are harmless and done in a moment.")
    private boolean quick;

    @Option(
            names = "--control",
            description = {
                "Run them in plain containers instead, as `docker run` makes them: shows which cases have teeth. Exit 0 when",
                "all could be tried; nobody is protected there."
            })
    private boolean control;

    public SelftestCommand(Session session) {
        super(session);
    }

    /** The whole of it. */
    record Answer(
            boolean ok,
            EngineIdentity engine,
            List<CaseResult> cases,
            int contained,
            int breached,
            int exceptions,
            int unsupported,
            int unknown,
            HostUse host,
            List<String> left) {
        static Answer of(SelftestReport report) {
            SelftestReport.Counts counts = report.counts();
            return new Answer(
                    report.ok(),
                    report.engine(),
                    report.cases(),
                    counts.contained(),
                    counts.breached(),
                    counts.exceptions(),
                    counts.unsupported(),
                    counts.unknown(),
                    report.host(),
                    report.left());
        }

        int exitCode() {
            if (ok) {
                return YES;
            }
            return breached > 0 || !left.isEmpty() || unknown == 0 ? NO : UNKNOWN;
        }
    }

    /** The whole of a control run. */
    record ControlAnswer(String docker, List<CaseResult> cases, int breached, int contained, int unsupported) {
        static ControlAnswer of(String docker, List<CaseResult> cases) {
            return new ControlAnswer(
                    docker,
                    cases,
                    count(cases, Verdict.BREACHED),
                    count(cases, Verdict.CONTAINED),
                    count(cases, Verdict.UNSUPPORTED));
        }

        private static int count(List<CaseResult> cases, Verdict verdict) {
            return (int) cases.stream().filter(one -> one.verdict() == verdict).count();
        }
    }

    @Override
    protected int perform() {
        Path program = DevEnvironment.home().resolve("hostile/target/hostile");
        try {
            HostileSuite suite = HostileSuite.of(program);
            List<HostileCase> chosen = chosen(suite);
            if (control) {
                return controlled(program, chosen, suite.groups());
            }
            Answer answer = Answer.of(run(program, chosen));
            answers().give(answer, text -> new SelftestText(answer.cases(), suite.groups()).write(text, answer));
            return answer.exitCode();
        } catch (IOException e) {
            throw Engines.translate(e, "the selftest", "sandbox");
        }
    }

    private List<HostileCase> chosen(HostileSuite suite) {
        if (names.isEmpty()) {
            return quick ? suite.quick() : suite.cases();
        }
        List<HostileCase> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(suite.find(name)
                    .orElseThrow(() -> new AirlockException(
                            ErrorCode.NOT_FOUND, "there is no case " + name, name, "docs/hostile.md names them all")));
        }
        return chosen;
    }

    /** A state directory, and so an installation, for this alone: it may run beside a worker. */
    private SelftestReport run(Path program, List<HostileCase> cases) throws IOException {
        Path scratch = Files.createTempDirectory("airlock-selftest");
        StateDirectory state = StateDirectory.apart(scratch.resolve("state")).create();
        try (SandboxEngine opened = engines(state).open(Optional.ofNullable(engine))) {
            EngineIdentity who = opened.identity();
            answers().note(cases.size() + " cases on " + who.name() + " (" + who.runtime() + ", " + who.tier() + ")");
            Path room = Files.createDirectories(scratch.resolve("trials"));
            try (Selftest selftest = Selftest.of(opened, state.installation(), room, program)) {
                return selftest.run(cases, (result, done) -> tell(result, done, cases.size()));
            }
        } finally {
            Scratch.delete(scratch);
        }
    }

    private SandboxEngines engines(StateDirectory state) {
        SandboxEngines engines = new SandboxEngines(state, DevEnvironment.home());
        return runtime == null ? engines : engines.on(runtime);
    }

    private int controlled(Path program, List<HostileCase> cases, List<HostileSuite.Group> groups) throws IOException {
        List<CaseResult> results = new ArrayList<>();
        try (ControlRun plain = ControlRun.open(program, BASE_IMAGE)) {
            for (HostileCase one : cases) {
                CaseResult result = plain.run(one);
                results.add(result);
                tell(result, results.size(), cases.size());
            }
        }
        ControlAnswer answer = ControlAnswer.of(ControlRun.dockerVersion(), results);
        answers().give(answer, text -> new SelftestText(answer.cases(), groups).writeControl(text, answer));
        return YES;
    }

    private void tell(CaseResult result, int done, int all) {
        String line = done + "/" + all + "  " + result.verdict().word() + "  " + result.group() + "/" + result.name()
                + (result.verdict() == Verdict.CONTAINED ? "" : ": " + result.detail());
        answers().note(line);
    }
}
