package dev.airlock.starter.cloudevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.airlock.evidence.canonical.CanonicalJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the two forms of the Kafka binding of CloudEvents 1.0: structured (the value is the whole event) and binary (attributes are
 * headers named {@code ce_…}, the value is the data). A record without either sign is taken as structured.
 *
 * <p>Strict: one JSON value in UTF-8, no member twice, no number that a double does not hold, no depth beyond 1000, at most
 * {@link #MOST_BYTES} in all. The usual library takes such input, and says less of what is wrong with it.
 */
public final class CloudEvents {
    /** Bytes of a record, with key and headers. */
    public static final int MOST_BYTES = 256 * 1024;

    private static final int LONGEST = 512;
    private static final String BINARY = "ce_";
    private static final String STRUCTURED = "application/cloudevents";

    private CloudEvents() {}

    /** @throws Unacceptable with what is wrong, for its sender */
    public static CloudEvent read(Incoming record) throws Unacceptable {
        byte[] value = record.value();
        if (value == null || value.length == 0) {
            throw new Unacceptable(
                    Cause.EMPTY, value == null ? "the record is a tombstone: it has no value" : "the value is empty");
        }
        if (record.size() > MOST_BYTES) {
            throw new Unacceptable(
                    Cause.TOO_LARGE,
                    "the record has " + record.size() + " bytes, at most " + MOST_BYTES
                            + " are taken; refer to large files by the digest of an artifact");
        }
        Map<String, String> headers = headers(record);
        String contentType = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
        if (contentType.startsWith(STRUCTURED)) {
            return traced(structured(value, contentType), record);
        }
        if (headers.containsKey(BINARY + "specversion") || headers.containsKey(BINARY + "id")) {
            return traced(binary(headers, contentType, value), record);
        }
        return traced(structured(value, ""), record);
    }

    /** A producer that is traced by its Kafka client alone says so in a header. */
    private static CloudEvent traced(CloudEvent event, Incoming record) {
        if (event.traceparent() != null) {
            return event;
        }
        return record.headers().stream()
                .filter(item -> item.name().equals("traceparent") && item.value() != null)
                .map(item -> new String(item.value(), StandardCharsets.ISO_8859_1))
                .filter(text -> text.length() <= LONGEST)
                .findFirst()
                .map(event::within)
                .orElse(event);
    }

    /** Those that mean something. Of all others nothing is read, not even whether they are text. */
    private static Map<String, String> headers(Incoming record) throws Unacceptable {
        Map<String, String> headers = new HashMap<>();
        for (Incoming.Item item : record.headers()) {
            String name = item.name().toLowerCase(Locale.ROOT);
            if (!name.startsWith(BINARY) && !name.equals("content-type")) {
                continue;
            }
            byte[] value = item.value();
            String text = value == null ? null : text(value);
            if (text == null) {
                throw new Unacceptable(Cause.BAD_HEADERS, "the header " + shown(name) + " is no UTF-8 text");
            }
            if (headers.putIfAbsent(name, text) != null) {
                throw new Unacceptable(Cause.BAD_HEADERS, "the header " + shown(name) + " stands there twice");
            }
        }
        return headers;
    }

    private static CloudEvent structured(byte[] value, String contentType) throws Unacceptable {
        if (contentType.startsWith(STRUCTURED + "-batch")) {
            throw new Unacceptable(Cause.NOT_A_CLOUDEVENT, "a batch of events; send one event a record");
        }
        if (!contentType.isEmpty() && !contentType.startsWith(STRUCTURED + "+json")) {
            throw new Unacceptable(Cause.NOT_A_CLOUDEVENT, "only the JSON form is taken, not " + shown(contentType));
        }
        JsonNode event = json(value);
        if (!event.isObject()) {
            throw new Unacceptable(Cause.NOT_A_CLOUDEVENT, "the value is " + kind(event) + ", not an object");
        }
        if (event.has("data_base64")) {
            throw new Unacceptable(Cause.NOT_A_CLOUDEVENT, "data_base64 is not taken; send data as JSON");
        }
        JsonNode data = event.path("data");
        for (String name : new String[] {
            "specversion", "id", "source", "type", "subject", "time", "dedupekey", "traceparent", "datacontenttype"
        }) {
            if (event.hasNonNull(name) && !event.get(name).isTextual()) {
                throw new Unacceptable(Cause.NOT_A_CLOUDEVENT, "the attribute " + name + " is no string");
            }
        }
        return event(
                name -> event.hasNonNull(name) ? event.get(name).asText() : null,
                event.path("datacontenttype").asText(""),
                data);
    }

    private static CloudEvent binary(Map<String, String> headers, String contentType, byte[] value)
            throws Unacceptable {
        return event(name -> headers.get(BINARY + name), contentType, json(value));
    }

    private static CloudEvent event(Function<String, @Nullable String> attributes, String contentType, JsonNode data)
            throws Unacceptable {
        String version = attributes.apply("specversion");
        if (!"1.0".equals(version)) {
            throw new Unacceptable(
                    Cause.NOT_A_CLOUDEVENT,
                    version == null
                            ? "no CloudEvent: specversion is missing"
                            : "specversion is " + shown(version) + "; only 1.0 is taken");
        }
        if (!isJson(contentType)) {
            throw new Unacceptable(
                    Cause.NOT_A_CLOUDEVENT, "the data is " + shown(contentType) + "; only JSON is taken");
        }
        return new CloudEvent(
                required(attributes, "source"),
                required(attributes, "id"),
                required(attributes, "type"),
                bounded("subject", attributes.apply("subject")),
                time(attributes.apply("time")),
                bounded("dedupekey", attributes.apply("dedupekey")),
                bounded("traceparent", attributes.apply("traceparent")),
                data.isNull() ? MissingNode.getInstance() : data);
    }

    private static boolean isJson(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.isEmpty()
                || type.startsWith("application/json")
                || type.startsWith("text/json")
                || type.split(";", 2)[0].strip().endsWith("+json");
    }

    private static String required(Function<String, @Nullable String> attributes, String name) throws Unacceptable {
        String value = bounded(name, attributes.apply(name));
        if (value == null || value.isBlank()) {
            throw new Unacceptable(Cause.NOT_A_CLOUDEVENT, "no CloudEvent: " + name + " is missing or empty");
        }
        return value;
    }

    private static @Nullable String bounded(String name, @Nullable String value) throws Unacceptable {
        if (value == null) {
            return null;
        }
        if (value.length() > LONGEST) {
            throw new Unacceptable(
                    Cause.NOT_A_CLOUDEVENT, name + " has " + value.length() + " characters, at most " + LONGEST);
        }
        if (value.codePoints()
                .anyMatch(c ->
                        Character.getType(c) == Character.CONTROL || Character.getType(c) == Character.SURROGATE)) {
            throw new Unacceptable(Cause.NOT_A_CLOUDEVENT, name + " holds a control character or half a character");
        }
        return value;
    }

    private static @Nullable Instant time(@Nullable String text) throws Unacceptable {
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new Unacceptable(
                    Cause.NOT_A_CLOUDEVENT, "time is " + shown(text) + ", not like 2026-11-23T14:00:00Z (RFC 3339)");
        }
    }

    private static JsonNode json(byte[] value) throws Unacceptable {
        if (text(value) == null) {
            throw new Unacceptable(Cause.NOT_UTF8, "the value is not UTF-8");
        }
        try {
            return CanonicalJson.tree(value);
        } catch (IOException e) {
            String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new Unacceptable(Cause.NOT_JSON, "the value is not JSON as it is taken here: " + what);
        }
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /** A stranger's words in a message of ours. */
    static String shown(String text) {
        return Shown.text(text);
    }
}
