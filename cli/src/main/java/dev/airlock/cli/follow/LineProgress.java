package dev.airlock.cli.follow;

import dev.airlock.cli.session.Answers;
import dev.airlock.starter.run.Durations;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StepStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One plain line for each thing that happens. */
final class LineProgress implements Progress {
    private final Answers answers;
    private final Map<String, String> told = new HashMap<>();
    private @Nullable String state;
    private boolean worker = true;

    LineProgress(Answers answers) {
        this.answers = answers;
    }

    @Override
    public void show(RunStatus status) {
        if (state == null) {
            say(status.run() + "  " + status.workspace() + "/" + status.branch() + "  " + status.description());
        }
        if (worker != status.worker()) {
            worker = status.worker();
            answers.note(worker ? "a worker answers again" : "no worker answers: this is what the history tells");
        }
        status.steps().forEach(this::step);
        String now = Lines.state(status);
        if (!now.equals(state)) {
            say(status.run() + "  " + now);
            state = now;
        }
    }

    private void step(StepStatus step) {
        String label = step.id() + "/" + step.attempt();
        String now = Lines.step(step);
        if (now.equals(told.put(label, now))) {
            return;
        }
        String length =
                step.ended() == null ? "" : "  " + Durations.text(Duration.between(step.started(), step.ended()));
        say(label + "  " + now + length);
    }

    private void say(String line) {
        answers.text(text -> text.line(line));
    }
}
