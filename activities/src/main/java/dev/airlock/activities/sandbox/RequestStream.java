package dev.airlock.activities.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Turns writes into an input stream for a client that wants to pull its request body. Holds a few frames; when nobody takes
 * them for long, a write fails instead of blocking for ever.
 */
final class RequestStream extends OutputStream {
    private static final int FRAMES = 32;
    private static final int PATIENCE_SECONDS = 30;
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(FRAMES);
    private volatile boolean closed;

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int at, int length) throws IOException {
        if (length == 0) {
            return;
        }
        byte[] copy = Arrays.copyOfRange(bytes, at, at + length);
        try {
            if (closed || !queue.offer(copy, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(closed ? "the channel is closed" : "nobody takes what is written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing to a sandbox");
        }
    }

    @Override
    public void close() {
        closed = true;
        // The reader must wake up; what it would have sent is of no use any more.
        queue.clear();
        queue.offer(END);
    }

    InputStream source() {
        return new Source();
    }

    private final class Source extends InputStream {
        private byte[] current = END;
        private int at;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (at == current.length && !next()) {
                return -1;
            }
            int count = Math.min(length, current.length - at);
            System.arraycopy(current, at, into, from, count);
            at += count;
            return count;
        }

        private boolean next() throws IOException {
            if (closed && queue.isEmpty()) {
                return false;
            }
            try {
                current = queue.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while writing to a sandbox");
            }
            at = 0;
            return current.length > 0;
        }
    }
}
