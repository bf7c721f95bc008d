package dev.airlock.worker;

import java.util.List;

/** Activities, and the queues they are served on. Every feature's module contributes one to the set. */
public record ActivityBinding(Object activities, List<String> queues) {
    public ActivityBinding {
        queues = List.copyOf(queues);
    }

    /** Activities on these queues. */
    public static ActivityBinding on(Object activities, String... queues) {
        return new ActivityBinding(activities, List.of(queues));
    }
}
