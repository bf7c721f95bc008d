package dev.airlock.activities.sandbox;

import java.io.IOException;

/** The job was told to stop and has done what that asks for. */
final class StoppedException extends IOException {
    private final StopSignal.Stop stop;

    StoppedException(StopSignal.Stop stop) {
        super("told to stop: " + stop);
        this.stop = stop;
    }

    StopSignal.Stop stop() {
        return stop;
    }
}
