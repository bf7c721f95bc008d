package dev.airlock.worker;

import java.util.List;

/** Activities, and the queues they are served on. Every feature's module contributes one to the set. */
record ActivityBinding(Object activities, List<String> queues) {
    ActivityBinding {
        queues = List.copyOf(queues);
    }

    static ActivityBinding on(Object activities, String... queues) {
        return new ActivityBinding(activities, List.of(queues));
    }
}
