package dev.airlock.cli.run;

import dev.airlock.cli.follow.Lines;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.starter.run.Durations;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run's status for people. */
final class StatusText {
    private static final int SHORT = 10;

    private StatusText() {}

    static void write(RunStatus status, Instant now, Text text) {
        text.line(Lines.colour(status), status.run() + "  " + Lines.state(status));
        text.line("  " + status.description());
        text.line("  workspace " + status.workspace() + ", branch " + status.branch() + ", author " + status.author());
        String candidate = status.candidate() == null
                ? ""
                : ", candidate " + brief(status.candidate().value());
        String promoted = status.promoted() == null
                ? ""
                : ", promoted " + brief(status.promoted().value());
        text.line("  base " + brief(status.base().value()) + candidate + promoted);
        if (status.evidence() != null) {
            text.line("  evidence " + status.evidence());
        }
        if (status.forkOf() != null) {
            text.line("  retries " + status.forkOf());
        }
        if (status.audit() != null) {
            text.line("  audit " + status.audit().sequence() + " events, head "
                    + status.audit().hash());
        }
        if (!status.worker()) {
            text.line(Colour.WAITING, "  no worker answers: this is what the history tells");
        }
        steps(status.steps(), now, text);
    }

    private static void steps(List<StepStatus> steps, Instant now, Text text) {
        if (steps.isEmpty()) {
            return;
        }
        List<List<String>> rows = steps.stream().map(step -> row(step, now)).toList();
        text.line("")
                .table(
                        List.of("STEP", "STATE", "VERDICT", "EXIT", "TIME", "NOTE"),
                        rows,
                        steps.stream().map(Lines::colour).toList());
    }

    private static List<String> row(StepStatus step, Instant now) {
        Instant until = step.ended() == null ? now : step.ended();
        return List.of(
                step.id() + "/" + step.attempt(),
                step.state().name(),
                step.verdict() == null ? "" : step.verdict().name(),
                step.limit() != null ? step.limit().name() : shown(step.exitCode()),
                Durations.text(Duration.between(step.started(), until)),
                shown(step.note()));
    }

    static String brief(String id) {
        return id.substring(0, Math.min(SHORT, id.length()));
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
