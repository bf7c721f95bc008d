package dev.airlock.evidence.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a record that somebody handed us says, and whether it is sound: an event of ours whose hash fits its content.
 * Holds digests and not the content, so that a long trail fits in memory.
 */
final class AuditRecord {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String STARTED = "dev.airlock.run.started.v1";
    /** Types whose data says something about the chain. */
    private static final Set<String> SPEAKING = Set.of(AuditEvent.RESET, STARTED);

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
    private boolean canonical;
    private @Nullable ChainId owner;
    private @Nullable String place;

    private AuditRecord(int line) {
        this.line = line;
    }

    /** What a run.reset continues from. */
    record Continued(String incarnation, long sequence, String hash) {}

    /** Never fails: what cannot be read has a flaw. */
    static AuditRecord read(byte[] bytes, int line) {
        AuditRecord record = new AuditRecord(line);
        CanonicalScan scan = CanonicalScan.of(bytes).orElse(null);
        if (scan != null) {
            record.take(scan);
            return record;
        }
        try {
            if (CanonicalJson.tree(bytes) instanceof ObjectNode event) {
                record.take(event);
                record.canonical = record.sound() && Arrays.equals(CanonicalJson.of(bytes), bytes);
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

    private void take(CanonicalScan event) {
        take(event::text);
        computed = claimed;
        canonical = true;
        if (SPEAKING.contains(String.valueOf(type))) {
            take(event.text("source"), event.tree("data").orElseGet(MissingNode::getInstance));
        }
    }

    private void take(ObjectNode event) {
        take(member -> text(event, member));
        take(text(event, "source"), event.path("data"));
        event.remove("hash");
        computed = CanonicalJson.digest(event).value();
        if (computed.equals(claimed)) {
            computed = claimed;
        } else {
            flaw = "its content does not have the hash it bears";
        }
    }

    /** What some types' data says about the chain. */
    private void take(@Nullable String source, JsonNode data) {
        continued = AuditEvent.RESET.equals(type) ? continued(data) : null;
        if (flaw == null && STARTED.equals(type) && isOfAnotherRequest(source, data)) {
            flaw = "the request that it names has another run id";
        }
    }

    private void take(Members event) {
        said = EventId.parse(event.text("subject") + "/" + event.text("incarnation") + "/" + event.text("sequence"))
                .orElse(null);
        String id = event.text("id");
        named = said != null && said.toString().equals(id)
                ? said
                : id == null ? null : EventId.parse(id).orElse(null);
        type = event.text("type");
        previous = digest(event.text("previoushash"));
        claimed = digest(event.text("hash"));
        flaw = flaw(event);
    }

    /** What an event's members hold, where that is text. */
    private interface Members {
        @Nullable
        String text(String member);
    }

    private @Nullable String flaw(Members event) {
        if (said == null || !said.equals(named)) {
            return "its id is not subject/incarnation/sequence";
        }
        if (previous == null || claimed == null || type == null || !"1.0".equals(event.text("specversion"))) {
            return "it lacks a member that every event has";
        }
        if (!isTime(event.text("time")) || !String.valueOf(event.text("source")).startsWith("airlock:")) {
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

    /** A run's id is made of its request (CONTRACT §1), so a run cannot pass for another one's. */
    private boolean isOfAnotherRequest(@Nullable String bears, JsonNode data) {
        JsonNode source = data.path("requestSource");
        JsonNode id = data.path("requestId");
        String installation = String.valueOf(bears).substring("airlock:".length());
        return source.isTextual()
                && id.isTextual()
                && said != null
                && said.chain()
                        .run()
                        .filter(run -> run.equals(Names.run(installation, source.textValue(), id.textValue())))
                        .isEmpty();
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

    /**
     * Says where on the topic it stands.
     *
     * @param key the chain that its key names
     */
    AuditRecord from(@Nullable ChainId key, String where) {
        owner = key;
        place = where;
        return this;
    }

    /** Whose it is by its key. */
    Optional<ChainId> owner() {
        return Optional.ofNullable(owner);
    }

    /** Whether it was read from a topic, where the records of many chains are mixed. */
    boolean ofTopic() {
        return place != null;
    }

    /** Where it stands, for people. */
    String place() {
        return place == null ? "line " + line : place;
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

    /** CloudEvents type, absent if it has none. */
    @Nullable
    String type() {
        return type;
    }

    /** Whether it is sound and surely written as Airlock writes. */
    boolean canonical() {
        return canonical;
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

    boolean follows(@Nullable String hash) {
        return hash != null && hash.equals(previous);
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
