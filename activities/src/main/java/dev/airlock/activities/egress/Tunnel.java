package dev.airlock.activities.egress;

import dev.airlock.activities.sandbox.init.TunnelLink;
import dev.airlock.activities.sandbox.init.TunnelNews;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * One connection out of a sandbox, as two streams that block. What is not read here waits in the sandbox, and what the sandbox does not
 * read waits here, in its writer. Whoever waits too long gives up.
 */
final class Tunnel implements Closeable {
    /** The most that is held for a reader. */
    static final int WINDOW = 64 * 1024;

    private static final int CHUNK = 32 * 1024;

    private final TunnelHub hub;
    private final int id;
    private final TunnelNews.Peer peer;
    private final Duration patience;
    private final Deque<ByteBuffer> queue = new ArrayDeque<>();
    private int queued;
    private long received;
    private long end = -1;
    private boolean broken;
    private boolean room;
    private boolean wantsRoom;
    private int toldWindow = WINDOW;
    private long sent;

    Tunnel(TunnelHub hub, TunnelNews.Opened opened, Duration patience) {
        this.hub = hub;
        this.id = opened.id();
        this.peer = opened.peer();
        this.patience = patience;
    }

    int id() {
        return id;
    }

    TunnelNews.Peer peer() {
        return peer;
    }

    /** As it is to be asked for. */
    synchronized TunnelLink.Known known() {
        toldWindow = WINDOW - queued;
        return new TunnelLink.Known(id, received, toldWindow, end >= 0, wantsRoom);
    }

    // The hub tells what is new, and may tell it twice.

    synchronized void data(long offset, ByteBuffer bytes) {
        long had = received - offset;
        if (had < 0 || had >= bytes.remaining()) {
            return;
        }
        bytes.position(bytes.position() + (int) had);
        queue.add(bytes);
        queued += bytes.remaining();
        received += bytes.remaining();
        notifyAll();
    }

    synchronized void ended(long total) {
        end = total;
        notifyAll();
    }

    synchronized void room() {
        room = true;
        wantsRoom = false;
        notifyAll();
    }

    synchronized void broken() {
        broken = true;
        notifyAll();
    }

    // Its user reads and writes.

    InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                return length == 0 ? 0 : take(to, offset, length);
            }
        };
    }

    private int take(byte[] to, int offset, int length) throws IOException {
        int count;
        boolean opens;
        synchronized (this) {
            awaitUntil(() -> !queue.isEmpty() || hasEnded() || broken);
            if (queue.isEmpty() && hasEnded()) {
                return -1;
            }
            ByteBuffer first = queue.peek();
            if (first == null) {
                throw gone();
            }
            count = Math.min(length, first.remaining());
            first.get(to, offset, count);
            if (!first.hasRemaining()) {
                queue.remove();
            }
            queued -= count;
            opens = toldWindow == 0 && queued <= WINDOW / 2;
        }
        if (opens) {
            hub.ask();
        }
        return count;
    }

    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                for (int done = 0; done < length; ) {
                    int count = Math.min(CHUNK, length - done);
                    give(Arrays.copyOfRange(from, offset + done, offset + done + count));
                    done += count;
                }
            }
        };
    }

    private void give(byte[] chunk) throws IOException {
        byte[] left = chunk;
        while (true) {
            long accepted = hub.send(id, sent, left, false);
            int taken = (int) (accepted - sent);
            sent = accepted;
            if (taken >= left.length) {
                return;
            }
            left = Arrays.copyOfRange(left, taken, left.length);
            awaitRoom();
        }
    }

    private void awaitRoom() throws IOException {
        synchronized (this) {
            room = false;
            wantsRoom = true;
        }
        hub.ask();
        synchronized (this) {
            awaitUntil(() -> room || broken);
            if (!room) {
                throw gone();
            }
        }
    }

    private boolean hasEnded() {
        return end >= 0 && received >= end;
    }

    private static IOException gone() {
        return new IOException("the sandbox's end of the connection is gone");
    }

    private synchronized void awaitUntil(BooleanSupplier met) throws IOException {
        long until = System.nanoTime() + patience.toNanos();
        while (!met.getAsBoolean()) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new InterruptedIOException("nothing moved for " + patience.toSeconds() + " s");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    /** Nothing follows what was written. */
    void endOutput() throws IOException {
        hub.send(id, sent, new byte[0], true);
    }

    /** What was written still goes out. */
    @Override
    public void close() throws IOException {
        hub.close(id, false);
    }

    /** Resets it. */
    void abort() throws IOException {
        hub.close(id, true);
    }
}
