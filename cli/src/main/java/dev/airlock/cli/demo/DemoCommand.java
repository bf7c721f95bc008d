package dev.airlock.cli.demo;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Environment;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.dev.TemporalChoice;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the whole story once, and leaves nothing behind. */
@Command(
        name = "demo",
        description = "Show the whole story in half a minute: an agent's change, tested, approved, promoted, audited.",
        exitCodeList = {
            "0:promoted, and the trail is whole",
            "1:rejected, or something was not as it should be",
            "2:could not find out: something did not start, a usage error"
        },
        footer = {
            "",
            "Starts everything on this machine in a new directory, and removes all of it at the end, also after Ctrl-C.",
            "Docker and the temporal command are used where they are there, and not needed. You are asked for the",
            "approval; with --yes a second person gives it. With -o json the story goes to stderr.",
            "",
            "Examples:",
            "  airlock demo",
            "  airlock demo --kill-worker --yes",
            "  airlock demo --yes -o json | jq .promoted"
        })
public final class DemoCommand extends Action {
    private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

    @Option(
            names = "--kill-worker",
            description =
                    "Kill the worker with -9 in the middle of the tests, and show that nothing is lost or repeated.")
    private boolean killWorker;

    @Option(
            names = "--engine",
            paramLabel = "docker|bubblewrap",
            defaultValue = "${env:AIRLOCK_ENGINE}",
            description = "What isolates sandboxes ($$AIRLOCK_ENGINE). Default: the one that is ready soonest.")
    private @Nullable String engine;

    @Option(
            names = "--temporal",
            paramLabel = "real|memory",
            defaultValue = "auto",
            description = "Default: real if there is a temporal command, else memory.")
    private String temporal = "auto";

    public DemoCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        long begun = System.nanoTime();
        Demo.Cast cast = cast();
        Story story = story();
        Stop stop = Stop.onSignals(() -> story.line(Colour.WAITING, "stopping: ending what was started"));
        Stage stage = stage();
        story.line(Colour.STRONG, "Airlock: nothing goes live but the very bytes that were tested and approved.");
        story.line("All of this runs on this machine, and all of it is removed at the end.");
        Told told = play(new Demo(cast, stage, story, stop, session().environment()), stage, stop);
        story.now("end", "everything is stopped and removed");
        stage.end();
        boolean gone = stage.clear();
        Told whole = told.after(Duration.ofNanos(System.nanoTime() - begun));
        new Ending(story).tell(whole, gone ? null : stage.state().root());
        if (answers().json()) {
            answers().give(whole, text -> {});
        }
        return whole.ok() ? YES : NO;
    }

    private Told play(Demo demo, Stage stage, Stop stop) {
        try {
            return demo.play();
        } catch (Stop.Stopped e) {
            throw stopped(stage);
        } catch (IOException | RuntimeException e) {
            if (stop.wanted()) {
                throw stopped(stage);
            }
            LOG.error("the demo failed", e);
            stage.end();
            throw failed(e, stage);
        }
    }

    private static AirlockException stopped(Stage stage) {
        stage.end();
        boolean gone = stage.clear();
        return new AirlockException(
                ErrorCode.UNAVAILABLE,
                gone ? "stopped before the end; nothing is left" : "stopped before the end",
                "demo",
                gone ? null : "remove " + stage.state());
    }

    /** As it would be told anyway, and where the details are. */
    private static AirlockException failed(Exception e, Stage stage) {
        AirlockException known = switch (e) {
            case AirlockException failure -> failure;
            case PlatformException platform -> Translations.of(platform);
            case IOException io -> Translations.of(io, "the demo", "demo");
            default -> new AirlockException(ErrorCode.INTERNAL, "a bug in airlock: " + e, "demo", null).causedBy(e);
        };
        String log = "its log is " + stage.log();
        return new AirlockException(
                        known.code(),
                        "the demo failed: " + known.text(),
                        known.subject(),
                        known.hint() == null ? log : known.hint() + "; " + log)
                .causedBy(e);
    }

    private Demo.Cast cast() {
        if (session().namedState().isPresent()) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    "the demo makes a state directory of its own, and removes it",
                    "--state",
                    "leave --state out");
        }
        TemporalChoice choice = TemporalChoice.of(temporal);
        if (choice instanceof TemporalChoice.External) {
            throw new AirlockException(
                    ErrorCode.USAGE, "the demo brings its own Temporal", temporal, "write --temporal real or memory");
        }
        return new Demo.Cast(
                choice, Optional.ofNullable(engine).filter(name -> !name.isEmpty()), killWorker, approval());
    }

    private Approval approval() {
        if (session().agreed()) {
            return Approval.given();
        }
        if (!session().environment().terminals().in()) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    "the demo asks for an approval, and there is no terminal to answer on",
                    "demo",
                    "say --yes, and a second person approves");
        }
        Principal person = session().principal();
        if (!person.isPerson()) {
            throw new AirlockException(
                    ErrorCode.USAGE, "only a person approves, not " + person, person.value(), "write --as user:NAME");
        }
        return Approval.atTheTerminal(person);
    }

    private Story story() {
        Environment environment = session().environment();
        boolean terminal = answers().json()
                ? environment.terminals().err()
                : environment.terminals().out();
        boolean plain = environment.variable("TERM").equals("dumb");
        boolean colours = terminal && !plain && environment.variable("NO_COLOR").isEmpty();
        return new Story(answers().json() ? environment.err() : environment.out(), colours, terminal && !plain);
    }

    private static Stage stage() {
        try {
            return Stage.fresh();
        } catch (IOException e) {
            throw Translations.of(e, "a directory for the demo", System.getProperty("java.io.tmpdir"));
        }
    }
}
