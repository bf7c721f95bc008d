package dev.airlock.activities.egress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads messages of HTTP/1, strictly: what RFC 9112 lets a lenient reader pass is refused here, since the next one may read it in another
 * way. No bare line feed, no folded line, no blank before a colon, no control character, no head without an end.
 *
 * <p>Libraries for HTTP are lenient by design; this one reads the little that a proxy must understand.
 */
final class HttpReader {
    private static final int MOST_HEAD = 32 * 1024;
    private static final int MOST_FIELDS = 100;
    private static final int MOST_CHUNK_LINE = 64;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private final InputStream in;
    private int headLeft;

    HttpReader(InputStream in) {
        this.in = in;
    }

    /** What follows the head. */
    InputStream rest() {
        return in;
    }

    /**
     * @throws EOFException when nothing comes
     * @throws BlockedException when it is not well-formed
     */
    HttpHead head() throws IOException {
        headLeft = MOST_HEAD;
        String first = line();
        List<HttpHead.Field> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (fields.size() == MOST_FIELDS) {
                throw malformed("more than " + MOST_FIELDS + " header fields");
            }
            fields.add(field(line));
        }
        return new HttpHead(first, fields);
    }

    private static HttpHead.Field field(String line) throws BlockedException {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon);
        if (!isToken(name)) {
            throw malformed("a header field without a proper name");
        }
        return new HttpHead.Field(name, line.substring(colon + 1).strip());
    }

    static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> (c >= '0' && c <= '9')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= 'a' && c <= 'z')
                                || TOKEN_MARKS.indexOf(c) >= 0);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        boolean begun = headLeft < MOST_HEAD;
        for (int next = in.read(); ; next = in.read()) {
            if (next < 0) {
                throw begun || !line.isEmpty() ? malformed("the head has no end") : new EOFException();
            }
            if (--headLeft < 0) {
                throw malformed("a head over " + MOST_HEAD + " bytes");
            }
            if (next == '\r') {
                if (in.read() != '\n') {
                    throw malformed("a carriage return alone");
                }
                return line.toString();
            }
            boolean text = next == '\t' || (next >= 0x20 && next != 0x7f);
            if (!text) {
                throw malformed("a control character in the head");
            }
            line.append((char) next);
        }
    }

    /**
     * The length of a body from its head: -1 when it comes in chunks.
     *
     * @throws BlockedException when the head says more than one thing about it
     */
    static long length(HttpHead head) throws BlockedException {
        List<String> lengths = head.all("content-length");
        List<String> codings = head.all("transfer-encoding");
        if (lengths.size() + codings.size() > 1) {
            throw malformed("more than one length of the body");
        }
        if (!codings.isEmpty()) {
            if (!codings.getFirst().equalsIgnoreCase("chunked")) {
                throw malformed("a transfer coding other than chunked");
            }
            return -1;
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        String length = lengths.getFirst();
        if (!length.matches("[0-9]{1,15}")) {
            throw malformed("a length that is no number");
        }
        return Long.parseLong(length);
    }

    /** Copies a body of that length, or of chunks, which are framed anew. */
    void copyBody(long length, OutputStream to) throws IOException {
        if (length >= 0) {
            copy(length, to);
            return;
        }
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
            to.write((Long.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            copy(size, to);
            expectLineEnd();
            to.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        headLeft = MOST_HEAD - 1;
        if (!line().isEmpty()) {
            throw malformed("trailers are not carried");
        }
        to.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private long chunkSize() throws IOException {
        headLeft = MOST_CHUNK_LINE;
        String line = line();
        if (!line.matches("[0-9A-Fa-f]{1,12}")) {
            throw malformed("a chunk without a proper size");
        }
        return Long.parseLong(line, 16);
    }

    private void expectLineEnd() throws IOException {
        if (in.read() != '\r' || in.read() != '\n') {
            throw malformed("a chunk that is longer than it says");
        }
    }

    private void copy(long length, OutputStream to) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (long left = length; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException("the body ends " + left + " bytes early");
            }
            to.write(buffer, 0, count);
            left -= count;
        }
    }

    static BlockedException malformed(String what) {
        return new BlockedException(Blocked.BAD_REQUEST, what);
    }
}
