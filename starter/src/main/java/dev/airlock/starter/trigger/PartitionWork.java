package dev.airlock.starter.trigger;

import dev.airlock.starter.cloudevent.Incoming;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of one partition is being taken. Records of one key are taken one after the other, those of different keys at once; a record
 * without a key waits for none. An offset is settled when everything below it is.
 */
final class PartitionWork implements Standing {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionWork.class);

    /** So much is taken on ahead of the first that is not settled; the rest stays in Kafka. */
    static final int MOST_RECORDS = 256;

    private static final long MOST_BYTES = 8L << 20;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Takes a record to its end. */
    @FunctionalInterface
    interface Taker {
        /** @return whether it is settled; otherwise it was given up because it is no longer wanted */
        boolean take(Incoming record, Standing standing) throws InterruptedException;
    }

    private final Taker taker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Slot> unsettled = new ArrayDeque<>();
    private final Map<ByteBuffer, Deque<Slot>> lanes = new HashMap<>();
    private long bytes;
    private long settled = -1;
    private int busy;
    private boolean abandoned;

    PartitionWork(Taker taker) {
        this.taker = taker;
    }

    private static final class Slot {
        private final Incoming record;
        private boolean done;

        Slot(Incoming record) {
            this.record = record;
        }
    }

    /** Takes a record on; never waits. Called in the order of the partition. */
    void add(Incoming record) {
        Slot slot = new Slot(record);
        lock.lock();
        try {
            unsettled.add(slot);
            bytes += record.size();
            byte[] key = record.key();
            if (key == null) {
                start(() -> one(slot));
                return;
            }
            ByteBuffer lane = ByteBuffer.wrap(key);
            Deque<Slot> queue = lanes.get(lane);
            if (queue == null) {
                lanes.put(lane, new ArrayDeque<>());
                start(() -> drain(lane, slot));
            } else {
                queue.add(slot);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void start(Runnable work) {
        busy++;
        Thread.ofVirtual().name("trigger").start(() -> {
            try {
                work.run();
            } finally {
                left();
            }
        });
    }

    private void left() {
        lock.lock();
        try {
            busy--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void drain(ByteBuffer lane, Slot first) {
        for (Slot slot = first; slot != null; slot = next(lane)) {
            if (!one(slot)) {
                return;
            }
        }
    }

    /** The lane ends with its last record; what comes later begins a new one. */
    private @Nullable Slot next(ByteBuffer lane) {
        lock.lock();
        try {
            Deque<Slot> queue = lanes.get(lane);
            Slot next = queue == null ? null : queue.poll();
            if (next == null) {
                lanes.remove(lane);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** @return whether it is settled */
    private boolean one(Slot slot) {
        try {
            while (wanted()) {
                try {
                    if (!taker.take(slot.record, this)) {
                        return false;
                    }
                    settle(slot);
                    return true;
                } catch (RuntimeException e) {
                    // One that was dropped here would hold up its partition for ever, and nobody would know why.
                    LOG.error("{} is taken again", slot.record.place(), e);
                    pause(AGAIN);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void settle(Slot slot) {
        lock.lock();
        try {
            slot.done = true;
            while (!unsettled.isEmpty() && unsettled.peek().done) {
                Slot first = unsettled.remove();
                settled = first.record.place().offset() + 1;
                bytes -= first.record.size();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The offset to commit: everything below it is settled. Empty before the first is. */
    OptionalLong settled() {
        lock.lock();
        try {
            return settled < 0 ? OptionalLong.empty() : OptionalLong.of(settled);
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing more should be taken on. */
    boolean isFull() {
        lock.lock();
        try {
            return unsettled.size() >= MOST_RECORDS || bytes >= MOST_BYTES;
        } finally {
            lock.unlock();
        }
    }

    /** Records taken on and not settled, also those behind one that is not. */
    int pending() {
        lock.lock();
        try {
            return unsettled.size();
        } finally {
            lock.unlock();
        }
    }

    /** When the broker took the first record that is not settled; absent when there is none. */
    @Nullable
    Instant oldest() {
        lock.lock();
        try {
            Slot first = unsettled.peek();
            return first == null ? null : first.record.appended();
        } finally {
            lock.unlock();
        }
    }

    /** Begins no further record and ends all waiting; what is being done is done to its end. */
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of what was being done when it was abandoned. */
    void awaitIdle(Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (busy > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean wanted() {
        lock.lock();
        try {
            return !abandoned;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pause(Duration length) throws InterruptedException {
        lock.lock();
        try {
            long left = length.toNanos();
            while (!abandoned && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
