package dev.airlock.activities.event;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The topics that pipelines may send to. A pipeline comes from a workspace; which topics there are is not for it to say. */
public final class AllowedTopics {
    /** The setting: names, separated by commas. */
    public static final String VARIABLE = "AIRLOCK_EMIT_TOPICS";

    private static final String OWN = "airlock.";

    private final Set<String> names;

    private AllowedTopics(Set<String> names) {
        this.names = names;
    }

    /** @param list names, separated by commas; none when it is empty */
    public static AllowedTopics of(String list) {
        return new AllowedTopics(Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Our own topics are never among them, whatever the list says. */
    boolean allows(String topic) {
        return names.contains(topic) && !topic.startsWith(OWN);
    }
}
