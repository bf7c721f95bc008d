package dev.airlock.activities.sandbox.init;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the good frames in a stream of bytes. A bad one (wrong magic, length or CRC) costs one byte and a search for the
 * next magic, so whatever else is written on the stream, the frames around it are still found. Not thread-safe.
 */
final class FrameReader {
    private final InputStream in;
    private final FrameKey key;
    private final byte[] bytes = new byte[2 * (Frame.HEADER + Frame.MAX_PAYLOAD)];
    private final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private int start;
    private int end;
    private long skipped;
    private volatile boolean dropPartial;

    /** @param key tells which frames are authentic; the others are found as well */
    FrameReader(InputStream in, FrameKey key) {
        this.in = in;
        this.key = key;
    }

    /** Blocks for the next good frame; null at the end of the stream. */
    @Nullable
    Frame next() throws IOException {
        while (true) {
            Frame frame = parse();
            if (frame != null) {
                return frame;
            }
            if (!fill()) {
                return null;
            }
        }
    }

    /**
     * Says that what was asked for does not come: if the frame that is half here was torn, or begun before this client
     * attached, it must not swallow later ones. Any thread.
     */
    void dropPartial() {
        dropPartial = true;
    }

    /** How many bytes belonged to no good frame so far. */
    long skipped() {
        return skipped;
    }

    /** Null when what is buffered does not hold a whole good frame; then it begins with what may become one. */
    private @Nullable Frame parse() {
        while (end - start >= Frame.HEADER) {
            int length = view.getInt(start + 16);
            boolean promising = view.getInt(start) == Frame.MAGIC && length >= 0 && length <= Frame.MAX_PAYLOAD;
            if (promising && end - start < Frame.HEADER + length) {
                if (!dropPartial) {
                    return null;
                }
                dropPartial = false;
                promising = false;
            }
            if (promising && view.getInt(start + 20) == Frame.crc(bytes, start, length)) {
                return take(length);
            }
            start++;
            skipped++;
        }
        return null;
    }

    private Frame take(int length) {
        int body = start + Frame.HEADER;
        boolean authentic = (bytes[start + 5] & Frame.AUTHENTIC) != 0 && key.sealed(bytes, start, length);
        byte[] payload = Arrays.copyOfRange(bytes, body, body + length - (authentic ? FrameKey.MAC : 0));
        Frame frame = new Frame(
                bytes[start + 4] & 0xff,
                authentic,
                view.getInt(start + 8),
                view.getInt(start + 12),
                ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN));
        start = body + length;
        dropPartial = false;
        return frame;
    }

    private boolean fill() throws IOException {
        if (bytes.length - end < Frame.HEADER + Frame.MAX_PAYLOAD) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            end -= start;
            start = 0;
        }
        int count = in.read(bytes, end, bytes.length - end);
        if (count < 0) {
            return false;
        }
        end += count;
        return true;
    }
}
