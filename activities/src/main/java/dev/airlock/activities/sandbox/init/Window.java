package dev.airlock.activities.sandbox.init;

import java.nio.ByteBuffer;

/**
 * A piece of a command's output.
 *
 * @param total bytes kept so far
 * @param data from position to limit; empty when there was nothing past the offset
 */
public record Window(long offset, long total, boolean ended, ByteBuffer data) {

    private static final int ENDED = 2;

    /** Whether nothing will ever come after this window. */
    public boolean last() {
        return ended && offset + data.remaining() >= total;
    }

    static Window read(ByteBuffer in) {
        long offset = in.getLong();
        long total = in.getLong();
        boolean ended = Fields.u8(in) == ENDED;
        int count = in.getInt();
        return new Window(offset, total, ended, in.slice(in.position(), count));
    }
}
