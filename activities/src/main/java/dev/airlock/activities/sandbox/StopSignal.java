package dev.airlock.activities.sandbox;

/** Whether whoever runs a job should go on. Asked at least once a second. */
public interface StopSignal {
    Stop state();

    /** @throws StoppedException unless it should go on */
    default void check() throws StoppedException {
        Stop stop = state();
        if (stop != Stop.NONE) {
            throw new StoppedException(stop);
        }
    }

    enum Stop {
        NONE,
        /** Nobody wants the result any more: end the sandbox. */
        CANCEL,
        /** This process goes, or somebody else carries on: leave the sandbox as it is. */
        DETACH
    }
}
