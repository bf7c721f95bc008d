package dev.airlock.starter.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Live output in memory. */
public final class FakeLiveOutput implements LiveOutput {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final List<OutputRecord> records = new ArrayList<>();

    /** Adds to the end of an attempt's stream. */
    public void print(StepAttempt at, String text) {
        lock.lock();
        try {
            long end = records.stream()
                    .filter(each -> each.at().equals(at) && each instanceof OutputRecord.Piece)
                    .mapToLong(each -> ((OutputRecord.Piece) each).end())
                    .max()
                    .orElse(0);
            add(new OutputRecord.Piece(at, end, text.getBytes(UTF_8)));
        } finally {
            lock.unlock();
        }
    }

    void add(OutputRecord... added) {
        lock.lock();
        try {
            records.addAll(List.of(added));
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** As a topic does when its time has passed. */
    public void forget() {
        lock.lock();
        try {
            records.clear();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Feed open(RunId run, @Nullable Instant since) {
        return new Feed() {
            private int next;

            @Override
            public List<Placed> poll(Duration wait) {
                lock.lock();
                try {
                    for (long left = wait.toNanos(); left > 0 && next >= records.size(); ) {
                        left = more.awaitNanos(left);
                    }
                    List<Placed> found = new ArrayList<>();
                    for (; next < records.size(); next++) {
                        if (records.get(next).at().run().equals(run)) {
                            found.add(new Placed(next, records.get(next)));
                        }
                    }
                    return found;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return List.of();
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public boolean caughtUp() {
                lock.lock();
                try {
                    return next >= records.size();
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void rewind(long place) {
                next = (int) place;
            }

            @Override
            public void close() {}
        };
    }
}
