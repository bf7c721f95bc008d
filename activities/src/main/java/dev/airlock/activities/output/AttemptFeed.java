package dev.airlock.activities.output;

import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.workflows.id.StepAttempt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How far one attempt's output was passed on. The publisher's thread sends; any thread may say that there is more, and that
 * something was acknowledged.
 */
final class AttemptFeed {
    private static final long SAVE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** What one feed may send before the next one's turn. */
    private static final int TURN = 4 * OutputRecord.MOST;

    private final StepAttempt at;
    private final Path file;
    private final Path progress;
    private long length;
    private long sent;
    private long acknowledged;
    private int inFlight;
    private boolean ended;
    private boolean endSent;
    private boolean failed;
    private boolean over;
    private Progress saved;
    private long savedAt = System.nanoTime();

    /** Sends, and calls back once. */
    @FunctionalInterface
    interface Sender {
        /** @param result takes whether Kafka has it */
        void send(OutputRecord record, int bytes, Result result);
    }

    /** What became of a record. */
    @FunctionalInterface
    interface Result {
        void known(boolean acknowledged);
    }

    private AttemptFeed(StepAttempt at, OutputDirectory directory, Progress before) throws IOException {
        this.at = at;
        this.file = directory.file(at);
        this.progress = directory.progress(at);
        this.saved = before;
        this.ended = before.ended();
        this.length = Files.exists(file) ? Files.size(file) : 0;
        // More than there is: the file is another one.
        this.acknowledged = before.acknowledged() <= length ? before.acknowledged() : 0;
        this.sent = acknowledged;
    }

    /** Goes on where the last process stopped, or begins. */
    static AttemptFeed open(StepAttempt at, OutputDirectory directory) throws IOException {
        Path file = directory.progress(at);
        Progress before = Progress.read(file).orElse(null);
        if (before == null) {
            before = Progress.NOTHING;
            before.write(file);
        }
        return new AttemptFeed(at, directory, before);
    }

    StepAttempt at() {
        return at;
    }

    synchronized void grown(long to) {
        length = Math.max(length, to);
    }

    /** Keeps it on disk, too: from here on nobody else will say so. */
    void ended() throws IOException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        synchronized (this) {
            length = size;
            ended = true;
        }
        save(true);
    }

    synchronized boolean isOver() {
        return over;
    }

    synchronized boolean isIdle() {
        return inFlight == 0 && (over || (sent >= length && !ended));
    }

    /** @return whether anything was sent */
    boolean send(Sender sender) throws IOException {
        long from;
        long to;
        synchronized (this) {
            if (over || (failed && inFlight > 0)) {
                return false;
            }
            if (failed) {
                // What came through after the gap is sent once more, so that whoever reads finds it after what was
                // lost.
                failed = false;
                endSent = false;
                sent = acknowledged;
            }
            from = sent;
            to = Math.min(length, from + TURN);
        }
        return from < to ? pieces(from, to, sender) : end(sender);
    }

    private boolean pieces(long from, long to, Sender sender) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(OutputRecord.MOST);
            long position = from;
            while (position < to) {
                buffer.clear().limit((int) Math.min(OutputRecord.MOST, to - position));
                int count = channel.read(buffer, position);
                if (count <= 0) {
                    break;
                }
                send(new OutputRecord.Piece(at, position, Arrays.copyOf(buffer.array(), count)), sender);
                position += count;
            }
            return position > from;
        }
    }

    private void send(OutputRecord.Piece piece, Sender sender) {
        synchronized (this) {
            sent = piece.end();
            inFlight++;
        }
        sender.send(piece, piece.data().length, taken -> answered(taken, piece));
        Failpoints.hit("output.sent");
    }

    /** In the order of sending: the producer is idempotent, and all go to one partition. */
    private synchronized void answered(boolean taken, OutputRecord.Piece piece) {
        inFlight--;
        failed |= !taken;
        if (!failed && piece.offset() == acknowledged) {
            acknowledged = piece.end();
        }
    }

    /** Only after all that it ends was acknowledged. */
    private boolean end(Sender sender) {
        OutputRecord.End end;
        synchronized (this) {
            if (!ended || endSent || acknowledged < length) {
                return false;
            }
            endSent = true;
            inFlight++;
            end = new OutputRecord.End(at, length);
        }
        sender.send(end, 0, taken -> {
            synchronized (this) {
                inFlight--;
                over = taken;
                failed |= !taken;
            }
        });
        return true;
    }

    /** @param now even if it was saved a moment ago */
    void save(boolean now) throws IOException {
        Progress current;
        synchronized (this) {
            current = new Progress(acknowledged, ended);
            boolean early = !now && System.nanoTime() - savedAt < SAVE_NANOS;
            if (over || early || current.equals(saved)) {
                return;
            }
            saved = current;
            savedAt = System.nanoTime();
        }
        current.write(progress);
    }

    /** Nothing is left to do. */
    void forget() throws IOException {
        Files.deleteIfExists(progress);
    }
}
