package dev.airlock.starter.trigger;

import dev.airlock.starter.cloudevent.Unacceptable;

/** What is to be done with a record that can be read. */
interface Step {
    /**
     * Does it; doing it again changes nothing.
     *
     * @return false if there is no room yet
     * @throws dev.airlock.starter.failure.AirlockException if it could not be found out; trying again may help
     * @throws Unacceptable if the answer is no
     */
    boolean take() throws Unacceptable, InterruptedException;

    /** Called when it is given up. */
    default void giveUp() {}
}
