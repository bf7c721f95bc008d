package dev.airlock.workflows.audit;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * An event as the workflow sees it: not yet numbered, not yet chained.
 *
 * @param type one of the names of CONTRACT §4, without {@code dev.airlock.} and {@code .v1}
 * @param time workflow time
 * @param data strings, whole numbers, booleans, and lists or maps of those; never a float, never content
 */
public record AuditEntry(String type, Instant time, Map<String, Object> data) {
    public AuditEntry {
        data = new TreeMap<>(data);
    }
}
