package dev.airlock.activities.egress;

import java.io.IOException;

/** A step asks for a network that the installation does not let it have. */
public final class NetworkRefused extends IOException {
    NetworkRefused(String message) {
        super(message);
    }
}
