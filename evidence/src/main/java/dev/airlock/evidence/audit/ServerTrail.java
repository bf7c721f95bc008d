package dev.airlock.evidence.audit;

import java.util.Map;

/**
 * The audit trail of a process: events that belong to no run, such as a refused decision or a changed setting. Safe for many
 * threads.
 */
public interface ServerTrail extends AutoCloseable {
    /**
     * Writes an event. When this returns, Kafka has acknowledged it. An effect that needs it waits for that (fail closed):
     * after a failure the caller refuses what it was asked for.
     *
     * @param type such as {@code request.refused}, without {@code dev.airlock.} and {@code .v1}
     * @param data strings, whole numbers, booleans, nulls, and lists or maps of those; never a secret, never content
     * @throws dev.airlock.platform.failure.PlatformException with code UNAVAILABLE if it was not acknowledged in time; the
     *     event is in this process's log then, and goes out with the next one if Kafka is back by that time
     * @throws IllegalArgumentException if the data is not what an event may hold
     * @throws AuditEventTooLargeException if the event has more than {@link AuditEvent#MAX_BYTES}
     */
    void record(String type, Map<String, Object> data);

    @Override
    void close();
}
