package dev.airlock.starter.trigger;

import java.time.Duration;

/** Whether a record is still ours to take: its partition may go to another server while it waits for something. */
interface Standing {
    boolean wanted();

    /** Returns early, and without effect, once it is no longer wanted. */
    void pause(Duration length) throws InterruptedException;
}
