package dev.airlock.cli.follow;

import dev.airlock.cli.session.Answers;
import dev.airlock.starter.run.RunStatus;
import org.jspecify.annotations.Nullable;

/** The whole status as one object a line, each time that something in it has changed. */
final class JsonProgress implements Progress {
    private final Answers answers;
    private @Nullable RunStatus last;

    JsonProgress(Answers answers) {
        this.answers = answers;
    }

    @Override
    public void show(RunStatus status) {
        if (!status.equals(last)) {
            answers.give(status, text -> {});
            last = status;
        }
    }
}
