package dev.airlock.starter.trigger;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How many runs of a workspace may be open before further requests wait. Temporal's count is the measure; what this server started
 * since it was taken is added, since the count lags. Several servers may together go over it by what each starts between two counts.
 */
final class Quota {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofMillis(500);

    /** So long after its start a run may be missing in the count. */
    private static final Duration LAG = Duration.ofSeconds(3);

    private final int most;
    private final ToLongFunction<String> count;
    private final Map<String, Room> rooms = new HashMap<>();

    /** @param count open runs of a workspace */
    Quota(int most, ToLongFunction<String> count) {
        this.most = most;
        this.count = count;
    }

    private static final class Room {
        private long left;
        private long counted;
        private boolean known;
        private long since;
        private long startedSince;
    }

    /** Whether one more may be started now; if so, it counts. */
    boolean enter(String workspace) {
        Room room;
        synchronized (rooms) {
            room = rooms.computeIfAbsent(workspace, name -> new Room());
        }
        synchronized (room) {
            long age = System.nanoTime() - room.counted;
            if (!room.known || age > FRESH.toNanos() || (room.left <= 0 && age > AGAIN.toNanos())) {
                refresh(workspace, room);
            }
            if (room.left <= 0) {
                return false;
            }
            room.left--;
            room.startedSince++;
            return true;
        }
    }

    /** Those started within the lag count twice for a moment, which errs on the side of waiting. */
    private void refresh(String workspace, Room room) {
        long open = count.applyAsLong(workspace);
        long now = System.nanoTime();
        room.left = most - open - room.startedSince;
        if (!room.known || now - room.since > LAG.toNanos()) {
            room.since = now;
            room.startedSince = 0;
        }
        room.counted = now;
        room.known = true;
    }

    /** What entered has started nothing. */
    void leave(String workspace) {
        synchronized (rooms) {
            Room room = rooms.get(workspace);
            if (room != null) {
                synchronized (room) {
                    room.left++;
                    room.startedSince = Math.max(0, room.startedSince - 1);
                }
            }
        }
    }
}
