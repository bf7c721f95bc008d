package dev.airlock.activities.egress;

import java.io.IOException;

/** Carries one allowed exchange. */
interface Relay {
    /** Until it is over. */
    void run(Answer answer) throws IOException;

    /** Bytes out of the sandbox so far. */
    long sent();

    /** Bytes into it so far. */
    long received();
}
