package dev.airlock.cli.follow;

import dev.airlock.starter.run.RunStatus;

/** Shows a run while it goes on. */
sealed interface Progress permits JsonProgress, LineProgress, ScreenProgress {
    /** Called at every look, whether anything changed or not. */
    void show(RunStatus status);

    /** Nothing more will be shown. */
    default void end() {}
}
