package dev.airlock.worker.telemetry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What this worker has told lately. A workflow task that fails, and a query that comes while one is worked on, do the same
 * again without being a replay.
 */
final class ToldBefore {
    private static final int REMEMBERED = 4096;

    private final Set<String> told = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    /** Whether this has not been told yet; from now on it has. */
    boolean add(String what) {
        return told.add(what);
    }
}
