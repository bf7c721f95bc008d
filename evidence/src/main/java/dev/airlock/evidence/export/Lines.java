package dev.airlock.evidence.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Records as lines. A record is its line; one that would not come back so, which none of Airlock's is, is written as
 * {@code {"base64":"…"}}.
 */
final class Lines {
    /** No broker takes a record as long as that. */
    private static final int LONGEST = 32 * 1024 * 1024;

    private static final byte[] WRAPPED = "{\"base64\":\"".getBytes(UTF_8);
    private static final byte[] END = "\"}".getBytes(UTF_8);

    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int from;
    private int to;

    Lines(InputStream in) {
        this.in = in;
    }

    static void write(byte[] record, OutputStream out) throws IOException {
        if (isLine(record)) {
            out.write(record);
        } else {
            out.write(WRAPPED);
            out.write(Base64.getEncoder().encode(record));
            out.write(END);
        }
        out.write('\n');
    }

    private static boolean isLine(byte[] record) {
        boolean blank = true;
        for (byte each : record) {
            if (each == '\n') {
                return false;
            }
            blank &= each >= 0 && each <= ' ';
        }
        return !blank && !startsWith(record, WRAPPED);
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    /** The next record; nothing at the end. */
    byte @Nullable [] next() throws IOException {
        byte[] line = nextLine();
        while (line != null && isBlank(line)) {
            line = nextLine();
        }
        return line == null ? null : unwrapped(line);
    }

    private static boolean isBlank(byte[] line) {
        for (byte each : line) {
            if (each < 0 || each > ' ') {
                return false;
            }
        }
        return true;
    }

    private static byte[] unwrapped(byte[] line) {
        int end = line.length - END.length;
        if (!startsWith(line, WRAPPED)
                || end < WRAPPED.length
                || !Arrays.equals(line, end, line.length, END, 0, END.length)) {
            return line;
        }
        try {
            return Base64.getDecoder().decode(Arrays.copyOfRange(line, WRAPPED.length, end));
        } catch (IllegalArgumentException e) {
            return line;
        }
    }

    private byte @Nullable [] nextLine() throws IOException {
        byte[] line = new byte[0];
        while (true) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(buffer));
                if (to == 0) {
                    return line.length == 0 ? null : line;
                }
            }
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            line = joined(line, end - from);
            if (end < to) {
                from = end + 1;
                return line;
            }
            from = to;
        }
    }

    private byte[] joined(byte[] line, int more) throws IOException {
        if (line.length + more > LONGEST) {
            throw new IOException("a line is longer than " + LONGEST + " bytes");
        }
        byte[] joined = Arrays.copyOf(line, line.length + more);
        System.arraycopy(buffer, from, joined, line.length, more);
        return joined;
    }
}
