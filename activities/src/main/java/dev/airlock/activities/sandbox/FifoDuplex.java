package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.Duplex;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Two fifos whose other ends a sandbox holds, each for reading and writing. When it ends, reading ends and writing fails, at
 * once.
 *
 * <p>What a fifo gives to one reader it does not give to another. So whoever opens them writes down that they are his, and
 * who had them before stops at the next byte.
 */
final class FifoDuplex implements Duplex {
    private static final String HOLDER = "holder";

    private final Path holder;
    private final String token;
    private final FileChannel requests;
    private final FileChannel replies;

    private FifoDuplex(Path holder, String token, FileChannel requests, FileChannel replies) {
        this.holder = holder;
        this.token = token;
        this.requests = requests;
        this.replies = replies;
    }

    /** @param directory of the sandbox */
    static FifoDuplex open(Path directory) throws IOException {
        Path holder = directory.resolve(HOLDER);
        String token = UUID.randomUUID().toString();
        Files.writeString(holder, token);
        FileChannel writing = open(directory.resolve(BubblewrapDirectory.REQUESTS), StandardOpenOption.WRITE);
        try {
            FileChannel reading = open(directory.resolve(BubblewrapDirectory.REPLIES), StandardOpenOption.READ);
            return new FifoDuplex(holder, token, writing, reading);
        } catch (IOException e) {
            writing.close();
            throw e;
        }
    }

    /** To open one end alone blocks until somebody opens the other, which nobody does any more when the sandbox has ended. */
    private static FileChannel open(Path fifo, StandardOpenOption end) throws IOException {
        FileChannel both = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            return FileChannel.open(fifo, end);
        } finally {
            both.close();
        }
    }

    /** Whether somebody else has opened them since. */
    boolean isTakenOver() throws IOException {
        try {
            return !Files.readString(holder).equals(token);
        } catch (NoSuchFileException e) {
            // The whole sandbox was removed; that shows by itself.
            return false;
        }
    }

    private void requireHeld() throws IOException {
        if (isTakenOver()) {
            throw new IOException("the fifos were taken over by another worker");
        }
    }

    @Override
    public InputStream input() {
        return new FilterInputStream(Channels.newInputStream(replies)) {
            @Override
            public int read(byte[] into, int at, int length) throws IOException {
                int count = super.read(into, at, length);
                requireHeld();
                return count;
            }
        };
    }

    @Override
    public OutputStream output() {
        return new FilterOutputStream(Channels.newOutputStream(requests)) {
            @Override
            public void write(byte[] from, int at, int length) throws IOException {
                requireHeld();
                out.write(from, at, length);
            }
        };
    }

    /** A thread that blocks in one of them comes back. */
    @Override
    public void close() throws IOException {
        try {
            requests.close();
        } finally {
            replies.close();
        }
    }
}
