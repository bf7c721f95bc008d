package dev.airlock.activities.egress;

import java.util.concurrent.atomic.AtomicLong;

/** What one step may use up. Thread-safe. */
final class Budget {
    private final AtomicLong connections;
    private final AtomicLong bytes;

    Budget(long connections, long bytes) {
        this.connections = new AtomicLong(connections);
        this.bytes = new AtomicLong(bytes);
    }

    void connection() throws BlockedException {
        if (connections.decrementAndGet() < 0) {
            throw new BlockedException(Blocked.CONNECTIONS);
        }
    }

    void bytes(int count) throws BlockedException {
        if (bytes.addAndGet(-count) < 0) {
            throw new BlockedException(Blocked.BYTES);
        }
    }
}
