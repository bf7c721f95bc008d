package dev.airlock.activities.sandbox.init;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A command to run once.
 *
 * @param token the same token is never run again
 * @param directory relative to the workspace; empty is the workspace itself
 * @param environment all of it
 */
public record Command(
        String token, List<String> argv, SortedMap<String, String> environment, String directory, Duration timeout) {
    public Command {
        argv = List.copyOf(argv);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }
}
