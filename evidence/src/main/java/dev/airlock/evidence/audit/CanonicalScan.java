package dev.airlock.evidence.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event that is written in canonical form, as Airlock writes all of them, in one pass over its bytes: where its
 * members stand, and the hash of the rest of it. Many times as fast as writing canonical JSON anew; whoever gets
 * nothing here does that.
 */
final class CanonicalScan {
    private static final int MOST_MEMBERS = 32;
    private static final byte[] HASH = "\"hash\":\"sha256:".getBytes(US_ASCII);
    private static final int HASH_LENGTH = HASH.length + 64 + "\",".length();
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

    private final byte[] event;
    /** Of each member of the event itself: where its name and value begin and end. */
    private final int[] members;

    private CanonicalScan(byte[] event, int[] members) {
        this.event = event;
        this.members = members;
    }

    /** Nothing unless it is surely an object in canonical form that bears the hash of the rest of it. */
    static Optional<CanonicalScan> of(byte[] event) {
        Members members = new Members();
        if (!CanonicalForm.holds(event, members)) {
            return Optional.empty();
        }
        CanonicalScan scan = new CanonicalScan(event, members.places());
        return scan.bearsItsHash() ? Optional.of(scan) : Optional.empty();
    }

    /** Collects where members stand. */
    private static final class Members implements CanonicalForm.Members {
        private final int[] places = new int[MOST_MEMBERS * 4];
        private int size;

        @Override
        public boolean met(int name, int nameEnd, int value, int valueEnd) {
            if (size == places.length) {
                return false;
            }
            places[size++] = name;
            places[size++] = nameEnd;
            places[size++] = value;
            places[size++] = valueEnd;
            return true;
        }

        int[] places() {
            return Arrays.copyOf(places, size);
        }
    }

    /** What a member holds if that is text. */
    @Nullable
    String text(String member) {
        int place = find(member);
        if (place < 0 || event[members[place + 2]] != '"') {
            return null;
        }
        int begin = members[place + 2] + 1;
        int end = members[place + 3] - 1;
        for (int i = begin; i < end; i++) {
            if (event[i] == '\\') {
                return tree(place).textValue();
            }
        }
        return new String(event, begin, end - begin, UTF_8);
    }

    /** What a member holds, absent if there is none of that name. */
    Optional<JsonNode> tree(String member) {
        int place = find(member);
        return place < 0 ? Optional.empty() : Optional.of(tree(place));
    }

    private JsonNode tree(int place) {
        int value = members[place + 2];
        try {
            return Payloads.mapper().readTree(event, value, members[place + 3] - value);
        } catch (IOException e) {
            throw new UncheckedIOException("canonical JSON that is none", e);
        }
    }

    private int find(String member) {
        for (int place = 0; place < members.length; place += 4) {
            if (isNamed(place, member)) {
                return place;
            }
        }
        return -1;
    }

    private boolean isNamed(int place, String member) {
        int begin = members[place];
        if (members[place + 1] - begin != member.length()) {
            return false;
        }
        for (int i = 0; i < member.length(); i++) {
            if (event[begin + i] != member.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Another member always follows the hash: an event has an id. */
    private boolean bearsItsHash() {
        int place = find("hash");
        int begin = place < 0 ? -1 : members[place] - 1;
        int end = begin + HASH_LENGTH;
        if (begin < 0
                || end > event.length
                || event[end - 1] != ','
                || !Arrays.equals(event, begin, begin + HASH.length, HASH, 0, HASH.length)) {
            return false;
        }
        MessageDigest sha256 = CanonicalJson.sha256();
        sha256.update(event, 0, begin);
        sha256.update(event, end, event.length - end);
        byte[] digest = sha256.digest();
        int at = begin + HASH.length;
        for (byte each : digest) {
            if (event[at++] != HEX[(each >> 4) & 0xf] || event[at++] != HEX[each & 0xf]) {
                return false;
            }
        }
        return event[at] == '"';
    }
}
