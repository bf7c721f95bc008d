package dev.airlock.evidence.verdict;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities.About;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What whoever asked for a run is told of it: a projection of one event of its audit trail, in CloudEvents 1.0 structured
 * mode. The same event makes the same id and the same bytes, in every process and at every time, so that telling it again
 * makes a copy that a reader drops by its id.
 */
public final class RunVerdict {
    /** A run waits for a person. */
    public static final String WAITING = "dev.airlock.run.waiting.v1";

    /** A run has ended. */
    public static final String ENDED = "dev.airlock.run.ended.v1";

    private final RunId run;
    private final String type;
    private final byte[] bytes;

    private RunVerdict(RunId run, String type, byte[] bytes) {
        this.run = run;
        this.type = type;
        this.bytes = bytes;
    }

    /** The event's verdict; empty for an event that is none of anybody's business. */
    public static Optional<RunVerdict> of(AuditEvent event, About about) {
        return of(event, about, null);
    }

    /** @param bundle artifact that holds the ended run as a whole, where there is one */
    public static Optional<RunVerdict> of(AuditEvent event, About about, @Nullable Digest bundle) {
        String type = switch (event.type()) {
            case "dev.airlock.review.opened.v1", "dev.airlock.run.attention.v1" -> WAITING;
            case "dev.airlock.run.ended.v1", "dev.airlock.run.abandoned.v1" -> ENDED;
            default -> null;
        };
        return type == null ? Optional.empty() : Optional.of(verdict(type, event, about, bundle));
    }

    private static RunVerdict verdict(String type, AuditEvent event, About about, @Nullable Digest bundle) {
        JsonNode told = json(event);
        Map<String, Object> data = new TreeMap<>();
        data.put("run", event.run().value());
        data.put("workspace", about.workspace());
        data.put("request", Map.of("source", about.requestSource(), "id", about.requestId()));
        for (String member : new String[] {"outcome", "reason", "promoted", "evidence"}) {
            data.put(member, text(told.path("data"), member));
        }
        if (type.equals(WAITING)) {
            describeWait(event, told.path("data"), data);
        } else {
            data.putIfAbsent("outcome", Outcome.ABANDONED.name());
            data.put("bundle", bundle == null ? null : bundle.value());
        }
        Map<String, Object> verdict = new TreeMap<>();
        verdict.put("specversion", "1.0");
        verdict.put("id", event.id() + "/verdict");
        verdict.put("type", type);
        verdict.put("datacontenttype", "application/json");
        verdict.put("data", data);
        for (String same : new String[] {"source", "subject", "time"}) {
            verdict.put(same, told.path(same).textValue());
        }
        if (told.has("traceparent")) {
            verdict.put("traceparent", told.path("traceparent").textValue());
        }
        return new RunVerdict(event.run(), type, CanonicalJson.bytes(verdict));
    }

    private static void describeWait(AuditEvent event, JsonNode told, Map<String, Object> data) {
        boolean review = event.type().equals("dev.airlock.review.opened.v1");
        String step = String.valueOf(text(told, "step"));
        data.put("state", (review ? RunState.WAITING_REVIEW : RunState.NEEDS_ATTENTION).name());
        data.put("step", step);
        data.put("reason", review ? step + " waits for a decision" : text(told, "note"));
    }

    private static @Nullable String text(JsonNode object, String member) {
        return object.path(member).textValue();
    }

    private static JsonNode json(AuditEvent event) {
        try {
            return Payloads.mapper().readTree(event.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("audit event " + event.id() + " is no JSON", e);
        }
    }

    /** {@link #WAITING} or {@link #ENDED}. */
    public String type() {
        return type;
    }

    /** The run, which is the record's key. */
    public RunId run() {
        return run;
    }

    /** The record's value. */
    public byte[] bytes() {
        return bytes.clone();
    }
}
