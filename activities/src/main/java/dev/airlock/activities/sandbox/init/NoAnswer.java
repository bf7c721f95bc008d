package dev.airlock.activities.sandbox.init;

import java.io.IOException;

/** Nobody answered on the channel: it ended, or init is frozen, or dead. Says nothing about the command. */
public final class NoAnswer extends IOException {
    NoAnswer(String message) {
        super(message);
    }

    NoAnswer(String message, Throwable cause) {
        super(message, cause);
    }
}
