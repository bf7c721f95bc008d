package dev.airlock.cli.follow;

import dev.airlock.cli.session.Screen;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.starter.run.Durations;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One picture of the run, drawn again in its place. */
final class ScreenProgress implements Progress {
    private final Screen screen;

    ScreenProgress(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void show(RunStatus status) {
        Instant now = Instant.now();
        screen.draw(text -> write(status, now, text));
    }

    private static void write(RunStatus status, Instant now, Text text) {
        text.line(Lines.colour(status), status.run() + "  " + Lines.state(status));
        text.line(
                Colour.FAINT,
                "  " + status.workspace() + "/" + status.branch() + ", by " + status.author() + ": "
                        + status.description());
        if (!status.worker()) {
            text.line(Colour.WAITING, "  no worker answers: this is what the history tells");
        }
        List<StepStatus> steps = status.steps();
        text.rows(
                steps.stream().map(step -> row(step, now)).toList(),
                steps.stream().map(Lines::colour).toList());
    }

    private static List<String> row(StepStatus step, Instant now) {
        Instant until = step.ended() == null ? now : step.ended();
        // A clock of another machine may be ahead of ours.
        Duration length = Duration.between(step.started(), until);
        return List.of(
                "  " + step.id() + "/" + step.attempt(),
                step.ended() == null ? running(length) : Durations.text(length),
                Lines.step(step));
    }

    /** What runs is told in whole seconds, lest the picture changes at every look. */
    private static String running(Duration length) {
        return length.toSeconds() < 1 ? "0 s" : Durations.text(Duration.ofSeconds(length.toSeconds()));
    }

    @Override
    public void end() {
        screen.end();
    }
}
