package dev.airlock.activities.validate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Content of any size as overlapping blocks of text, one character a byte. Zero bytes are left out, which makes ASCII of
 * UTF-16 and UTF-32 and keeps a stray zero from hiding a text.
 */
final class TextBlocks {
    /** How much of a block comes again at the beginning of the next: what may lie across a border. */
    static final int OVERLAP = 64 << 10;

    private static final int SIZE = 1 << 20;

    private final InputStream content;
    private byte[] carried = new byte[0];
    private int firstLine = 1;
    private boolean zeros;
    private boolean ended;

    /**
     * @param firstLine line number of the first character
     * @param owned how many characters belong to this block; the rest comes again
     */
    record Block(String text, int firstLine, int owned, boolean last) {}

    TextBlocks(InputStream content) {
        this.content = content;
    }

    boolean hasNext() {
        return !ended;
    }

    /** Whether a zero byte was read up to now. */
    boolean zeros() {
        return zeros;
    }

    Block next() throws IOException {
        byte[] bytes = new byte[SIZE];
        System.arraycopy(carried, 0, bytes, 0, carried.length);
        int length = carried.length;
        while (length < SIZE && !ended) {
            int read = content.readNBytes(bytes, length, SIZE - length);
            ended = read < SIZE - length;
            length = withoutZeros(bytes, length, length + read);
        }
        int owned = ended ? length : length - OVERLAP;
        Block block = new Block(new String(bytes, 0, length, StandardCharsets.ISO_8859_1), firstLine, owned, ended);
        carried = Arrays.copyOfRange(bytes, owned, length);
        for (int i = 0; i < owned; i++) {
            firstLine += bytes[i] == '\n' ? 1 : 0;
        }
        return block;
    }

    private int withoutZeros(byte[] bytes, int from, int to) {
        int kept = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                bytes[kept++] = bytes[i];
            }
        }
        zeros |= kept < to;
        return kept;
    }
}
