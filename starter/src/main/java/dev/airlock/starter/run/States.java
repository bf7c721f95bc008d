package dev.airlock.starter.run;

import dev.airlock.starter.temporal.RunInfo;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** State and outcome as Temporal alone tells them. */
final class States {
    private States() {}

    /** A closed workflow has ended, whatever its attributes last said. */
    static RunState of(RunInfo info) {
        if (!info.open()) {
            return RunState.ENDED;
        }
        String label = info.labels().state();
        return Arrays.stream(RunState.values())
                .filter(state -> state.name().equals(label))
                .findFirst()
                .orElse(RunState.RUNNING);
    }

    static @Nullable String outcome(RunInfo info) {
        return info.close() == RunInfo.Close.ABANDONED
                ? Outcome.ABANDONED.name()
                : info.labels().outcome();
    }
}
