package dev.airlock.activities.sandbox.init;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Turns the records of a collection into calls of a visitor. */
final class FileReceiver {
    private static final int DIRECTORY = 1;
    private static final int FILE = 2;
    private static final int LINK = 3;
    private static final int REFUSED = 4;
    private static final int CONTENT = 5;
    private static final int DONE = 6;
    private static final int END = 7;

    private final Source source;
    private final FileVisitor visitor;
    private ByteBuffer records = ByteBuffer.allocate(0);
    private int sequence;

    /** Gives the records of a sequence number. */
    interface Source {
        ByteBuffer next(int sequence) throws IOException;
    }

    FileReceiver(Source source, FileVisitor visitor) {
        this.source = source;
        this.visitor = visitor;
    }

    void run() throws IOException {
        try {
            while (record()) {}
        } catch (BufferUnderflowException e) {
            throw new IOException("a record of a collection is cut off", e);
        }
    }

    private boolean record() throws IOException {
        int kind = kind();
        switch (kind) {
            case DIRECTORY -> visitor.directory(Fields.bytes16(records));
            case FILE -> file();
            case LINK -> visitor.link(Fields.bytes16(records), Fields.bytes16(records));
            case REFUSED ->
                visitor.refused(
                        Fields.bytes16(records), FileVisitor.Refusal.of(Fields.u8(records)), Fields.u16(records));
            case END -> visitor.end(FileVisitor.Cap.of(Fields.u8(records)));
            default -> throw new IOException("a collection holds a record of the unknown kind " + kind);
        }
        return kind != END;
    }

    private int kind() throws IOException {
        while (!records.hasRemaining()) {
            records = source.next(++sequence);
        }
        return Fields.u8(records);
    }

    private void file() throws IOException {
        int flags = Fields.u8(records);
        byte[] path = Fields.bytes16(records);
        long size = records.getLong();
        Content content = new Content(size);
        visitor.file(
                path, new FileVisitor.Attributes((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0), size, content);
        content.skipRest();
    }

    /** One file's bytes, up to its DONE record. */
    private final class Content extends InputStream {
        private final long size;
        private long delivered;
        private int left;
        private boolean done;

        Content(long size) {
            this.size = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (left == 0) {
                if (done) {
                    return -1;
                }
                advance();
            }
            int count = Math.min(length, left);
            records.get(into, at, count);
            left -= count;
            delivered += count;
            return count;
        }

        private void advance() throws IOException {
            int kind = kind();
            if (kind == CONTENT) {
                left = records.getInt();
                if (left < 0 || left > records.remaining() || left > size - delivered) {
                    throw new IOException("a file's content is longer than announced");
                }
                return;
            }
            if (kind != DONE) {
                throw new IOException("a record of kind " + kind + " in the middle of a file");
            }
            done = true;
            boolean whole = Fields.u8(records) == 0 && records.getLong() == delivered && delivered == size;
            if (!whole) {
                throw new IOException("a file of " + size + " bytes could be read only up to " + delivered);
            }
        }

        void skipRest() throws IOException {
            byte[] sink = new byte[8192];
            while (read(sink, 0, sink.length) >= 0) {}
        }
    }
}
