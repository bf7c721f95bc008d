package dev.airlock.activities.sandbox;

import java.io.IOException;

/** The job was told to stop and has done what that asks for. */
public final class StoppedException extends IOException {
    private final StopSignal.Stop stop;

    public StoppedException(StopSignal.Stop stop) {
        super("told to stop: " + stop);
        this.stop = stop;
    }

    /** What it was told. */
    public StopSignal.Stop stop() {
        return stop;
    }
}
