package dev.airlock.activities.sandbox;

/** A stop signal that a test throws. */
final class StopSwitch implements StopSignal {
    private volatile Stop stop = Stop.NONE;

    void set(Stop value) {
        stop = value;
    }

    @Override
    public Stop state() {
        return stop;
    }
}
