package dev.airlock.starter.trigger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * How many runs of a workspace may be open before further requests wait. Temporal's count is the measure; what this server is
 * starting, and what it started lately, is added, since the count lags. Of several servers each takes an equal share of the room that
 * is left, rounded up, and keeps its own starts in mind until all others count them: together they go over it by less than one run
 * for each. A server that has just joined and is not known to the others yet may add its share to that, once.
 */
final class Quota {
    /** So old may a count be that lets one in. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration AGAIN = Duration.ofMillis(500);

    /** So long after its start a run may be missing in the count. */
    private static final Duration LAG = Duration.ofSeconds(3);

    /** By then another's count has a start of ours, and ours has what the other started without knowing of it. */
    private static final Duration LAG_OF_ALL = LAG.multipliedBy(2).plus(FRESH);

    private final int most;
    private final ToLongFunction<String> count;
    private final IntSupplier servers;
    private final LongSupplier clock;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();

    /**
     * @param count open runs of a workspace
     * @param servers how many take requests, this one included
     */
    Quota(int most, ToLongFunction<String> count, IntSupplier servers) {
        this(most, count, servers, System::nanoTime);
    }

    /** @param clock nanoseconds since some moment */
    Quota(int most, ToLongFunction<String> count, IntSupplier servers, LongSupplier clock) {
        this.most = most;
        this.count = count;
        this.servers = servers;
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
            int sharing = Math.max(1, servers.getAsInt());
            Duration lag = sharing == 1 ? LAG : LAG_OF_ALL;
            long now = clock.getAsLong();
            long open = count.applyAsLong(workspace);
            while (!lately.isEmpty() && now - lately.peek() > lag.toNanos()) {
                lately.remove();
            }
            left = Math.ceilDiv(most - open, sharing) - starting - lately.size();
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
