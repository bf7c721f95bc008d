package dev.airlock.evidence.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.Digest;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a record that somebody handed us says, and whether it is sound: an event of ours whose hash fits its content.
 * Holds digests and not the content, so that a long trail fits in memory.
 */
final class AuditRecord {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern SEQUENCE = Pattern.compile("0|[1-9][0-9]{0,17}");

    private final int line;
    private @Nullable EventId said;
    private @Nullable EventId named;
    private @Nullable String type;
    private @Nullable String previous;
    private @Nullable String claimed;
    private @Nullable String computed;
    private @Nullable Continued continued;
    private @Nullable String flaw;

    private AuditRecord(int line) {
        this.line = line;
    }

    /** What a run.reset continues from. */
    record Continued(String incarnation, long sequence, String hash) {}

    /** Never fails: what cannot be read has a flaw. */
    static AuditRecord read(byte[] bytes, int line) {
        AuditRecord record = new AuditRecord(line);
        try {
            if (CanonicalJson.tree(bytes) instanceof ObjectNode event) {
                record.take(event);
            } else {
                record.flaw = "it is no JSON object";
            }
        } catch (IOException e) {
            record.flaw = "it is not JSON";
        }
        return record;
    }

    /** A record whose flaw shows before it is parsed. */
    static AuditRecord unreadable(int line, String flaw) {
        AuditRecord record = new AuditRecord(line);
        record.flaw = flaw;
        return record;
    }

    private void take(ObjectNode event) {
        String subject = text(event, "subject");
        String sequence = text(event, "sequence");
        String incarnation = text(event, "incarnation");
        said = EventId.parse(subject + "/" + incarnation + "/" + sequence).orElse(null);
        String id = text(event, "id");
        named = id == null ? null : EventId.parse(id).orElse(null);
        type = text(event, "type");
        previous = digest(text(event, "previoushash"));
        claimed = digest(text(event, "hash"));
        flaw = flaw(event);
        continued = AuditEvent.RESET.equals(type) ? continued(event.path("data")) : null;
        event.remove("hash");
        computed = CanonicalJson.digest(event).value();
        if (computed.equals(claimed)) {
            computed = claimed;
        } else {
            flaw = "its content does not have the hash it bears";
        }
    }

    private @Nullable String flaw(ObjectNode event) {
        if (said == null || !said.equals(named)) {
            return "its id is not subject/incarnation/sequence";
        }
        if (previous == null || claimed == null || type == null || !"1.0".equals(text(event, "specversion"))) {
            return "it lacks a member that every event has";
        }
        if (!isTime(text(event, "time"))
                || !String.valueOf(text(event, "source")).startsWith("airlock:")) {
            return "its time or source has another form";
        }
        return null;
    }

    private static boolean isTime(@Nullable String text) {
        try {
            return text != null
                    && text.endsWith("Z")
                    && OffsetDateTime.parse(text).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static @Nullable Continued continued(JsonNode data) {
        String sequence = data.path("sequence").asText();
        String incarnation = data.path("incarnation").asText();
        String hash = digest(data.path("hash").asText());
        if (hash == null || incarnation.isEmpty() || !SEQUENCE.matcher(sequence).matches()) {
            return null;
        }
        return new Continued(incarnation, Long.parseLong(sequence), hash);
    }

    private static @Nullable String text(ObjectNode event, String member) {
        JsonNode value = event.get(member);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    private static @Nullable String digest(@Nullable String text) {
        return text != null && DIGEST.matcher(text).matches() ? text : null;
    }

    int line() {
        return line;
    }

    boolean sound() {
        return flaw == null;
    }

    /** Why it is not sound, as the end of a sentence. */
    String flaw() {
        return String.valueOf(flaw);
    }

    /** Place that subject, incarnation and sequence say. */
    Optional<EventId> said() {
        return Optional.ofNullable(said);
    }

    /** Place that the id says. */
    Optional<EventId> named() {
        return Optional.ofNullable(named);
    }

    Optional<ChainId> run() {
        return said().or(this::named).map(EventId::chain);
    }

    boolean resets() {
        return AuditEvent.RESET.equals(type);
    }

    /** What a run.reset continues from, absent if it does not say. */
    Optional<Continued> continued() {
        return Optional.ofNullable(continued);
    }

    /** Whether the event after this one may bear this previoushash. Of an altered event nobody knows which it was. */
    boolean mayHaveHash(@Nullable String hash) {
        return hash != null && (hash.equals(claimed) || hash.equals(computed));
    }

    boolean follows(AuditRecord other) {
        return other.mayHaveHash(previous);
    }

    boolean follows(Digest origin) {
        return origin.value().equals(previous);
    }

    boolean follows(Continued other) {
        return other.hash().equals(previous);
    }

    /** Whether it is the same record up to the way the JSON is written. */
    boolean copies(AuditRecord other) {
        return computed != null && computed.equals(other.computed) && Objects.equals(claimed, other.claimed);
    }

    Optional<Digest> hash() {
        return Optional.ofNullable(claimed).map(Digest::new);
    }

    /** The event of a sound record. */
    AuditEvent event(byte[] bytes) {
        if (said == null || type == null || claimed == null) {
            throw new IllegalStateException("not sound: " + flaw);
        }
        return AuditEvent.kept(said, type, claimed, bytes);
    }

    /** Shares the text of a hash that many records bear. */
    void shareHash(AuditRecord before) {
        if (before.claimed != null && before.claimed.equals(previous)) {
            previous = before.claimed;
        }
    }
}
