package dev.airlock.evidence.audit;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A numbered and chained event, and the exact bytes of its record: the canonical JSON of a CloudEvents 1.0 event in
 * structured mode. The same arguments make the same bytes, in every process and at every time.
 */
public final class AuditEvent {
    /** Bound of one event's record. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Value of the record's header {@code content-type}. */
    public static final String CONTENT_TYPE = "application/cloudevents+json";

    private static final Pattern NAME = Pattern.compile("[a-z]+(\\.[a-z]+)*");

    static final String RESET = type("run.reset");

    private final EventId id;
    private final String type;
    private final Digest hash;
    private final byte[] bytes;

    private AuditEvent(EventId id, String type, Digest hash, byte[] bytes) {
        this.id = id;
        this.type = type;
        this.hash = hash;
        this.bytes = bytes;
    }

    /**
     * What is the same in every event of a request.
     *
     * @param traceparent W3C trace context, absent if nobody traces
     */
    record Source(String installation, @Nullable String traceparent) {
        static Source of(EmitRequest request) {
            return new Source(
                    request.installation(),
                    request.about() == null ? null : request.about().traceparent());
        }
    }

    /**
     * @param previous hash of the event before, or what the chain begins with
     * @throws IllegalArgumentException if the entry's data is not what an event may hold
     * @throws AuditEventTooLargeException if the record would be larger than {@link #MAX_BYTES}
     */
    static AuditEvent chained(Source from, EventId id, Digest previous, AuditEntry entry) {
        SortedMap<String, byte[]> event = new TreeMap<>();
        event.put("specversion", CanonicalJson.bytes("1.0"));
        event.put("id", CanonicalJson.bytes(id.toString()));
        event.put("source", CanonicalJson.bytes("airlock:" + from.installation()));
        event.put("type", CanonicalJson.bytes(type(entry.type())));
        event.put("subject", CanonicalJson.bytes(id.chain().value()));
        event.put(
                "time",
                CanonicalJson.bytes(entry.time().truncatedTo(ChronoUnit.MILLIS).toString()));
        event.put("datacontenttype", CanonicalJson.bytes("application/json"));
        event.put("data", CanonicalJson.bytes(AuditData.checked(entry)));
        event.put("incarnation", CanonicalJson.bytes(id.incarnation()));
        event.put("sequence", CanonicalJson.bytes(Long.toString(id.sequence())));
        event.put("previoushash", CanonicalJson.bytes(previous.value()));
        if (from.traceparent() != null) {
            event.put("traceparent", CanonicalJson.bytes(from.traceparent()));
        }
        Digest hash = CanonicalJson.sha256(CanonicalJson.object(event));
        event.put("hash", CanonicalJson.bytes(hash.value()));
        byte[] bytes = CanonicalJson.object(event);
        if (bytes.length > MAX_BYTES) {
            throw new AuditEventTooLargeException(id, entry.type(), bytes.length);
        }
        return new AuditEvent(id, type(entry.type()), hash, bytes);
    }

    /** The event in a record that was read back; the record must be sound. */
    static AuditEvent kept(EventId id, String type, String hash, byte[] bytes) {
        return new AuditEvent(id, type, new Digest(hash), bytes.clone());
    }

    private static String type(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of an audit event: " + name);
        }
        return "dev.airlock." + name + ".v1";
    }

    /** Whether the record is an event of somebody's chain, whose hash fits its content. */
    public static boolean isOne(byte[] record) {
        return AuditRecord.read(record, 0).sound();
    }

    /** Unique; a second record with the same id and the same bytes is a copy. */
    public String id() {
        return id.toString();
    }

    /** The run that it is about; to be asked of a run's events only. */
    public RunId run() {
        return id.chain().run().orElseThrow();
    }

    /** Key of its record. */
    public ChainId chain() {
        return id.chain();
    }

    /** CloudEvents type, such as {@code dev.airlock.run.started.v1}. */
    public String type() {
        return type;
    }

    /** The record's value. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The chain's head once this event is kept at that place. */
    public AuditHead head(int partition, long offset) {
        return new AuditHead(id.incarnation(), id.sequence(), hash, partition, offset);
    }

    EventId eventId() {
        return id;
    }

    Digest hash() {
        return hash;
    }

    @Override
    public String toString() {
        return id + " " + type;
    }
}
