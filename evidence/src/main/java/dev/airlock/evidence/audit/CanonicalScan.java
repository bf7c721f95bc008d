package dev.airlock.evidence.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.airlock.evidence.canonical.CanonicalJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event that is written in canonical form, as Airlock writes all of them, in one pass: its members of text, and the
 * hash of the rest of it. Several times as fast as writing canonical JSON anew; whoever gets nothing here does that.
 */
final class CanonicalScan {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    private static final long LARGEST = (1L << 53) - 1;
    private static final int DEEPEST = 100;
    private static final byte[] HASH = "\"hash\":\"sha256:".getBytes(US_ASCII);
    private static final int HASH_LENGTH = HASH.length + 64 + "\",".length();

    private final Map<String, String> texts = new HashMap<>();
    private int hashAt = -1;
    private String hash = "";

    private CanonicalScan() {}

    /** Nothing unless it is surely an object in canonical form that bears the hash of the rest of it. */
    static Optional<CanonicalScan> of(byte[] event) {
        CanonicalScan scan = new CanonicalScan();
        try {
            return scan.isCanonical(event) && scan.bearsItsHash(event) ? Optional.of(scan) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What a member holds if that is text. */
    @Nullable
    String text(String member) {
        return texts.get(member);
    }

    String hash() {
        return hash;
    }

    /** Writes again what it reads: the same bytes, if members are sorted and nothing is written in another way. */
    private boolean isCanonical(byte[] event) throws IOException {
        Anew anew = new Anew(event.length);
        Deque<String> last = new ArrayDeque<>();
        try (JsonParser parser = JSON.createParser(event);
                JsonGenerator generator = JSON.createGenerator(anew)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (!take(token, parser, last)) {
                    return false;
                }
                generator.copyCurrentEvent(parser);
            }
        }
        return anew.equalTo(event);
    }

    private boolean take(JsonToken token, JsonParser parser, Deque<String> last) throws IOException {
        switch (token) {
            case START_OBJECT, START_ARRAY -> last.push("");
            case END_OBJECT, END_ARRAY -> last.pop();
            case FIELD_NAME -> {
                String name = parser.currentName();
                String before = last.pop();
                last.push(name);
                if (before.compareTo(name) > 0) {
                    return false;
                }
                if (last.size() == 1 && name.equals("hash")) {
                    hashAt = (int) parser.currentTokenLocation().getByteOffset();
                }
            }
            case VALUE_STRING -> {
                if (last.size() == 1) {
                    texts.put(parser.currentName(), parser.getText());
                }
            }
            case VALUE_NUMBER_INT -> {
                return parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                        && Math.abs(parser.getLongValue()) <= LARGEST
                        && !parser.getText().equals("-0");
            }
            case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> {
                return !last.isEmpty();
            }
            default -> {
                return false;
            }
        }
        return last.size() < DEEPEST;
    }

    private boolean bearsItsHash(byte[] event) {
        int end = hashAt + HASH_LENGTH;
        if (hashAt < 0
                || end > event.length
                || event[end - 1] != ','
                || !Arrays.equals(event, hashAt, hashAt + HASH.length, HASH, 0, HASH.length)) {
            return false;
        }
        MessageDigest sha256 = CanonicalJson.sha256();
        sha256.update(event, 0, hashAt);
        sha256.update(event, end, event.length - end);
        hash = "sha256:" + HexFormat.of().formatHex(sha256.digest());
        return hash.equals(texts.get("hash"));
    }

    /** What was written, compared where it is. */
    private static final class Anew extends ByteArrayOutputStream {
        Anew(int expected) {
            super(expected + 16);
        }

        synchronized boolean equalTo(byte[] other) {
            return Arrays.equals(buf, 0, count, other, 0, other.length);
        }
    }
}
