package dev.airlock.starter.trigger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * How many runs of a workspace may be open before further requests wait. Temporal's count is the measure; what this server is
 * starting, and what it started lately, is added, since the count lags. Several servers may together go over it by what each starts
 * between two counts.
 */
final class Quota {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofMillis(500);

    /** So long after its start a run may be missing in the count. */
    private static final Duration LAG = Duration.ofSeconds(3);

    private final int most;
    private final ToLongFunction<String> count;
    private final LongSupplier clock;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();

    /** @param count open runs of a workspace */
    Quota(int most, ToLongFunction<String> count) {
        this(most, count, System::nanoTime);
    }

    /** @param clock nanoseconds since some moment */
    Quota(int most, ToLongFunction<String> count, LongSupplier clock) {
        this.most = most;
        this.count = count;
        this.clock = clock;
    }

    /** Whether one more may be started now; if so, it counts, and is to be {@link #started} or to {@link #leave}. */
    boolean enter(String workspace) {
        return room(workspace).enter(workspace);
    }

    /** What entered has been started. */
    void started(String workspace) {
        room(workspace).started();
    }

    /** What entered has started nothing. */
    void leave(String workspace) {
        room(workspace).leave();
    }

    private Room room(String workspace) {
        return rooms.computeIfAbsent(workspace, name -> new Room());
    }

    private final class Room {
        private final Deque<Long> lately = new ArrayDeque<>();
        private int starting;
        private long left;
        private long counted;
        private boolean known;

        synchronized boolean enter(String workspace) {
            long age = clock.getAsLong() - counted;
            if (!known || age > FRESH.toNanos() || (left <= 0 && age > AGAIN.toNanos())) {
                refresh(workspace);
            }
            if (left <= 0) {
                return false;
            }
            left--;
            starting++;
            return true;
        }

        /** Those started lately may count twice for a moment, which errs on the side of waiting. */
        private void refresh(String workspace) {
            long now = clock.getAsLong();
            long open = count.applyAsLong(workspace);
            while (!lately.isEmpty() && now - lately.peek() > LAG.toNanos()) {
                lately.remove();
            }
            left = most - open - starting - lately.size();
            counted = now;
            known = true;
        }

        synchronized void started() {
            starting--;
            lately.add(clock.getAsLong());
        }

        synchronized void leave() {
            starting--;
            left++;
        }
    }
}
