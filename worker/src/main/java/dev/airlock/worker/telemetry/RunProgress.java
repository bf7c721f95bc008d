package dev.airlock.worker.telemetry;

import dev.airlock.platform.telemetry.RunMetrics;
import dev.airlock.platform.telemetry.RunTrace;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.pipeline.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Follows a run by what it puts on the audit trail, and tells of each step and of the run once they are over. A replay shows
 * it the same entries again: it remembers, and tells nothing. Entries that are emitted a second time tell nothing either.
 */
final class RunProgress {
    private final RunMetrics metrics;
    private final RunTrace trace;
    private final ChangeRequest request;
    private final Instant began;
    private final Predicate<String> first;
    private final Map<String, String> kinds = new HashMap<>();
    private final Map<Attempt, Instant> open = new TreeMap<>();

    private record Attempt(String step, int number) implements Comparable<Attempt> {
        static Attempt of(AuditEntry entry) {
            return new Attempt(
                    String.valueOf(entry.data().get("step")),
                    entry.data().get("attempt") instanceof Number number ? number.intValue() : 0);
        }

        @Override
        public int compareTo(Attempt other) {
            int steps = step.compareTo(other.step);
            return steps != 0 ? steps : Integer.compare(number, other.number);
        }
    }

    /**
     * @param began when the run's workflow started
     * @param first whether something has not been told yet
     */
    RunProgress(RunMetrics metrics, RunTrace trace, ChangeRequest request, Instant began, Predicate<String> first) {
        this.metrics = metrics;
        this.trace = trace;
        this.request = request;
        this.began = began;
        this.first = first;
        for (Step step : request.definition().pipeline().steps()) {
            kinds.put(step.id(), step.use().getClass().getSimpleName().toLowerCase(Locale.ROOT));
        }
    }

    /** The run emits these entries now, or did when what is replayed happened. */
    void saw(List<AuditEntry> entries, boolean replaying) {
        for (AuditEntry entry : entries) {
            saw(entry, !replaying);
        }
    }

    /** Whether this worker has not told that yet; from now on it has. */
    boolean isFirst(String what) {
        return first.test(what);
    }

    private void saw(AuditEntry entry, boolean live) {
        switch (entry.type()) {
            case "run.started" -> {
                if (live && first.test("start")) {
                    metrics.started();
                }
            }
            case "step.started" -> open.putIfAbsent(Attempt.of(entry), entry.time());
            case "step.completed", "step.lost" ->
                close(Attempt.of(entry), String.valueOf(entry.data().get("verdict")), entry.time(), live);
            case "run.attention" -> {
                if (close(Attempt.of(entry), null, entry.time(), live)) {
                    metrics.needsAttention();
                }
            }
            case "run.ended" -> end(String.valueOf(entry.data().get("outcome")), entry.time(), live);
            default -> {
                // Others say nothing of how far the run is.
            }
        }
    }

    /**
     * An attempt is over. One that needs attention, or that was open when its run ended, has no verdict.
     *
     * @return whether that is told for the first time
     */
    private boolean close(Attempt at, @Nullable String verdict, Instant time, boolean live) {
        Instant since = open.remove(at);
        if (since == null || !live || !first.test(at.step() + "/" + at.number())) {
            return false;
        }
        if (verdict != null) {
            metrics.step(kind(at), verdict, Duration.between(since, time));
        }
        trace.step(at.step(), at.number(), kind(at), verdict, since, time);
        return true;
    }

    private void end(String outcome, Instant time, boolean live) {
        List.copyOf(open.keySet()).forEach(at -> close(at, null, time, live));
        if (live && first.test("end")) {
            metrics.ended(outcome, Duration.between(began, time));
            trace.end(request.target().workspace(), outcome, began, time);
        }
    }

    private String kind(Attempt at) {
        String kind = kinds.get(at.step());
        return kind == null ? "unknown" : kind;
    }
}
