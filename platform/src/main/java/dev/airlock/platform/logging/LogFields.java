package dev.airlock.platform.logging;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What this thread works on, told with every line that it logs (SLF4J's MDC). */
public final class LogFields {
    /** A run's id. */
    public static final String RUN = "run";

    /** A step's id. */
    public static final String STEP = "step";

    /** A step's attempt. */
    public static final String ATTEMPT = "attempt";

    /** The trace that the run belongs to. */
    public static final String TRACE = "trace_id";

    private LogFields() {}

    /**
     * Names the work, until {@link #clear()}.
     *
     * @param step absent, with any attempt, where the work belongs to the whole run
     * @param trace empty where there is no trace
     */
    public static void set(String run, @Nullable String step, int attempt, String trace) {
        MDC.put(RUN, run);
        if (step != null) {
            MDC.put(STEP, step);
            MDC.put(ATTEMPT, Integer.toString(attempt));
        }
        if (!trace.isEmpty()) {
            MDC.put(TRACE, trace);
        }
    }

    /** The work is done. */
    public static void clear() {
        MDC.remove(RUN);
        MDC.remove(STEP);
        MDC.remove(ATTEMPT);
        MDC.remove(TRACE);
    }
}
