package dev.airlock.workflows.change;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events that were sent to the run, kept in the order of their arrival until a step takes them, however early they come.
 * Bounded, so that no sender can fill the run; what cannot be kept is told on the audit trail.
 */
final class EventInbox {
    /** Events that wait for a step at a time; the largest are {@link RunEvent#LONGEST_DATA} each. */
    static final int MOST_KEPT = 64;

    /** Events that a run takes in its life, since it remembers each to know it again. */
    static final int MOST_KNOWN = 1000;

    private final AuditPump audit;
    private final Set<RunEvent> kept = new LinkedHashSet<>();
    private final Set<Key> known = new HashSet<>();

    EventInbox(AuditPump audit) {
        this.audit = audit;
    }

    private record Key(String source, String id) {}

    /** Never fails: nobody is there to answer to. */
    void deliver(@Nullable RunEvent event) {
        String flaw = flaw(event);
        if (event == null || flaw != null) {
            drop(event, flaw);
            return;
        }
        Key key = new Key(event.source(), event.id());
        if (known.contains(key)) {
            return;
        }
        String full = full();
        if (full != null) {
            drop(event, full);
            return;
        }
        known.add(key);
        kept.add(event);
    }

    /** The first of that type that is not among {@code seen}; it stays. */
    @Nullable
    RunEvent first(String type, Set<RunEvent> seen) {
        for (RunEvent event : kept) {
            if (event.type().equals(type) && !seen.contains(event)) {
                return event;
            }
        }
        return null;
    }

    /** Takes an event out: one event releases one wait. */
    void take(RunEvent event) {
        kept.remove(event);
    }

    private @Nullable String full() {
        if (kept.size() >= MOST_KEPT) {
            return MOST_KEPT + " events wait for a step already";
        }
        return known.size() >= MOST_KNOWN ? "the run has taken " + MOST_KNOWN + " events" : null;
    }

    /** What comes over the wire may lack anything. */
    private static @Nullable String flaw(@Nullable RunEvent event) {
        if (event == null) {
            return "there is nothing in it";
        }
        if (isNoName(event.source()) || isNoName(event.id()) || isNoName(event.type())) {
            return "source, id and type are 1 to " + RunEvent.LONGEST_NAME + " characters each";
        }
        @Nullable String data = event.data();
        if (data == null || data.length() > RunEvent.LONGEST_DATA) {
            return "data is at most " + RunEvent.LONGEST_DATA + " characters";
        }
        return event.time() == null ? "it has no time" : null;
    }

    private static boolean isNoName(@Nullable String text) {
        return text == null || text.isBlank() || text.length() > RunEvent.LONGEST_NAME;
    }

    private void drop(@Nullable RunEvent event, @Nullable String why) {
        Map<String, Object> data = describe(event);
        data.put("reason", String.valueOf(why));
        audit.record("event.dropped", data);
    }

    /** An event as the audit trail names it: never its content. */
    static Map<String, Object> describe(@Nullable RunEvent event) {
        Map<String, Object> data = new TreeMap<>();
        if (event != null) {
            RunRecord.putIfKnown(data, "source", Lines.shorten(event.source()));
            RunRecord.putIfKnown(data, "id", Lines.shorten(event.id()));
            RunRecord.putIfKnown(data, "type", Lines.shorten(event.type()));
        }
        return data;
    }
}
