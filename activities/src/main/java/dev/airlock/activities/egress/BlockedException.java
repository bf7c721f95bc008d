package dev.airlock.activities.egress;

import java.io.IOException;

/** It is not let out. */
final class BlockedException extends IOException {
    private final Blocked why;

    BlockedException(Blocked why) {
        this(why, why.words());
    }

    BlockedException(Blocked why, String detail) {
        super(detail);
        this.why = why;
    }

    Blocked why() {
        return why;
    }
}
