package dev.airlock.evidence.merkle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with signatures below it (C2SP {@code signed-note}).
 *
 * @param text lines, the last one ended too
 * @param signatures as they were read; not verified
 */
public record SignedNote(String text, List<Line> signatures) {
    /** Longer is none of ours. */
    private static final int LONGEST = 64 * 1024;

    private static final Pattern SIGNATURE = Pattern.compile("\u2014 ([^+\\s]+) ([A-Za-z0-9+/=]+)");
    private static final int ID = 4;

    /** One signature. */
    public record Line(String name, String base64) {
        byte[] bytes() {
            return Base64.getDecoder().decode(base64);
        }
    }

    /** Refuses what could not be read again. */
    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n") || text.contains("\n\n") || text.startsWith("\n")) {
            throw new IllegalArgumentException("a note's text is lines without an empty one");
        }
    }

    public static SignedNote sign(String text, SigningKey key) {
        byte[] signature = key.sign(text.getBytes(UTF_8));
        byte[] bytes = ByteBuffer.allocate(ID + signature.length)
                .put(key.verifying().idBytes())
                .put(signature)
                .array();
        Line line = new Line(key.verifying().name(), Base64.getEncoder().encodeToString(bytes));
        return new SignedNote(text, List.of(line));
    }

    /** @throws IllegalArgumentException if it is no signed note */
    public static SignedNote parse(byte[] note) {
        String all = note.length > LONGEST ? "" : new String(note, UTF_8);
        int end = all.indexOf("\n\n");
        if (end < 1 || !all.endsWith("\n")) {
            throw new IllegalArgumentException("not a signed note");
        }
        List<Line> signatures = new ArrayList<>();
        for (String line : all.substring(end + 2).split("\n")) {
            Matcher matcher = SIGNATURE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("not a signed note: a signature has another form");
            }
            signatures.add(new Line(matcher.group(1), matcher.group(2)));
        }
        return new SignedNote(all.substring(0, end + 1), signatures);
    }

    /** Whether the key signed it. Signatures of others do not matter. */
    public boolean isSignedBy(VerifyingKey key) {
        byte[] message = text.getBytes(UTF_8);
        for (Line line : signatures) {
            if (line.name().equals(key.name())) {
                byte[] bytes = decoded(line);
                if (bytes.length > ID
                        && Arrays.equals(Arrays.copyOf(bytes, ID), key.idBytes())
                        && key.verifies(message, Arrays.copyOfRange(bytes, ID, bytes.length))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] decoded(Line line) {
        try {
            return line.bytes();
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** The whole note. */
    @Override
    public String toString() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(line -> note.append("\u2014 ")
                .append(line.name())
                .append(' ')
                .append(line.base64())
                .append('\n'));
        return note.toString();
    }
}
