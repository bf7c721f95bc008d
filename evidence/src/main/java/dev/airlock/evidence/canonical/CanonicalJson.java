package dev.airlock.evidence.canonical;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * JSON in canonical form (RFC 8785): members sorted, no white space, one way to write each number and string. Two values
 * have the same digest exactly if they are the same JSON. Pure functions; safe for many threads.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /**
     * The canonical form of what {@link Payloads#mapper()} makes of the value.
     *
     * @throws IllegalArgumentException if it cannot be written: no JSON, half a surrogate pair, or a number that a double
     *     does not hold exactly (canonical JSON has no other numbers, so the digest would not name the value)
     */
    public static byte[] bytes(Object value) {
        if (value instanceof String text && isPlain(text)) {
            return ('"' + text + '"').getBytes(StandardCharsets.US_ASCII);
        }
        try {
            return ofText(Payloads.mapper().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "cannot write " + value.getClass().getName() + " as JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("no canonical JSON: " + e.getMessage(), e);
        }
    }

    /** Whether it is written as it stands. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /**
     * The canonical form of an object, put together from the canonical forms of its members' values.
     *
     * @param members in the natural order of their names, which is that of canonical JSON
     */
    public static byte[] object(SortedMap<String, byte[]> members) {
        if (members.comparator() != null) {
            throw new IllegalArgumentException("the members are in an order of their own");
        }
        ByteArrayOutputStream object = new ByteArrayOutputStream(512);
        char before = '{';
        for (Map.Entry<String, byte[]> member : members.entrySet()) {
            object.write(before);
            object.writeBytes(bytes(member.getKey()));
            object.write(':');
            object.writeBytes(member.getValue());
            before = ',';
        }
        object.writeBytes((members.isEmpty() ? "{}" : "}").getBytes(StandardCharsets.US_ASCII));
        return object.toByteArray();
    }

    /** SHA-256 of {@link #bytes(Object)}. */
    public static Digest digest(Object value) {
        return sha256(bytes(value));
    }

    /**
     * The canonical form of a JSON text that somebody else wrote.
     *
     * @throws IOException if it is not exactly one JSON value in valid UTF-8, repeats a member name, is nested deeper than
     *     1000, or holds a number or string that has no canonical form
     */
    public static byte[] of(byte[] json) throws IOException {
        return ofText(text(json));
    }

    private static String text(byte[] json) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("not UTF-8", e);
        }
    }

    /**
     * A JSON text that somebody else wrote, read under the conditions of {@link #of}.
     *
     * @throws IOException if it does not meet them
     */
    public static JsonNode tree(byte[] json) throws IOException {
        String text = text(json);
        StrictJson.check(text);
        return Payloads.mapper().readTree(text);
    }

    /** SHA-256 of bytes as they are. */
    public static Digest sha256(byte[] bytes) {
        return new Digest("sha256:" + HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    /** A fresh SHA-256, for content that does not fit in memory. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The library takes objects and arrays only, so a list of one goes in, and its brackets come off again. */
    private static byte[] ofText(String json) throws IOException {
        StrictJson.check(json);
        String list = new JsonCanonicalizer("[" + json + "]").getEncodedString();
        ByteBuffer utf8;
        try {
            utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(list, 1, list.length() - 1));
        } catch (CharacterCodingException e) {
            throw new IOException("a string holds half a surrogate pair", e);
        }
        byte[] bytes = new byte[utf8.remaining()];
        utf8.get(bytes);
        return bytes;
    }
}
