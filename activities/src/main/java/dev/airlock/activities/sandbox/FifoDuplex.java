package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.Duplex;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Two fifos whose other ends a sandbox holds, each for reading and writing. When it ends, reading ends and writing fails, at
 * once.
 */
final class FifoDuplex implements Duplex {
    private final FileChannel requests;
    private final FileChannel replies;

    private FifoDuplex(FileChannel requests, FileChannel replies) {
        this.requests = requests;
        this.replies = replies;
    }

    static FifoDuplex open(Path requests, Path replies) throws IOException {
        FileChannel writing = open(requests, StandardOpenOption.WRITE);
        try {
            return new FifoDuplex(writing, open(replies, StandardOpenOption.READ));
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

    @Override
    public InputStream input() {
        return Channels.newInputStream(replies);
    }

    @Override
    public OutputStream output() {
        return Channels.newOutputStream(requests);
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
