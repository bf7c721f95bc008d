package dev.airlock.activities.sandbox.init;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends files, many small ones in one request and several requests at a time. Sending a file again overwrites it, so that
 * whoever does not know how far it came starts over. Not thread-safe. Nothing is certain to be there before {@link #close}.
 */
public final class FileSender implements Closeable {
    private static final int FULL = 60000;
    private static final int ENTRY_OVERHEAD = 32;
    private static final int AHEAD = 8;
    private static final int STREAM = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int DIRECTORY = 1;
    private static final int FILE = 2;
    private static final int LINK = 3;

    private final Exchange exchange;
    private final Root root;
    private final Fields entries = new Fields();
    private final Deque<Exchange.Sent> ahead = new ArrayDeque<>();
    private final byte[] chunk = new byte[FULL];

    FileSender(Exchange exchange, Root root) {
        this.exchange = exchange;
        this.root = root;
    }

    public void directory(String path) throws IOException {
        entry(DIRECTORY, false, path, 0, 0, chunk, 0);
    }

    public void link(String path, byte[] target) throws IOException {
        entry(LINK, false, path, 0, target.length, target, target.length);
    }

    public void file(String path, boolean executable, byte[] content) throws IOException {
        file(path, executable, content.length, new ByteArrayInputStream(content));
    }

    /** @throws IOException also when {@code content} has not {@code size} bytes */
    public void file(String path, boolean executable, long size, InputStream content) throws IOException {
        long offset = 0;
        do {
            int room = FULL - entries.size() - ENTRY_OVERHEAD - path.length() * 3;
            if (room < Math.min(size - offset, FULL / 2)) {
                flush();
                room = FULL - ENTRY_OVERHEAD - path.length() * 3;
            }
            int wanted = (int) Math.min(room, size - offset);
            int count = content.readNBytes(chunk, 0, wanted);
            if (count < wanted) {
                throw new IOException(path + " has fewer than its " + size + " bytes");
            }
            entry(FILE, executable, path, offset, size, chunk, count);
            offset += count;
        } while (offset < size);
    }

    private void entry(int kind, boolean executable, String path, long offset, long size, byte[] bytes, int count)
            throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (entries.size() + ENTRY_OVERHEAD + name.length + count > FULL + ENTRY_OVERHEAD) {
            flush();
        }
        if (entries.size() == 0) {
            entries.u8(root.number());
        }
        entries.u8(kind)
                .u8(executable ? 1 : 0)
                .str16(name)
                .u64(offset)
                .u64(size)
                .u32(count);
        entries.raw(bytes, count);
    }

    private void flush() throws IOException {
        if (entries.size() == 0) {
            return;
        }
        if (ahead.size() >= AHEAD) {
            settle();
        }
        ahead.add(exchange.send(InitClient.PUT, STREAM, entries.bytes()));
        entries.clear();
    }

    private void settle() throws IOException {
        exchange.once(ahead.remove(), PATIENCE);
    }

    /** Sends the rest and waits until all of it is there. */
    @Override
    public void close() throws IOException {
        flush();
        while (!ahead.isEmpty()) {
            settle();
        }
    }
}
