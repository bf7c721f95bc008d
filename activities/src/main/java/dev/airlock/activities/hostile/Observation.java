package dev.airlock.activities.hostile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What was seen of a case.
 *
 * @param took from its start until its end was known
 * @param output its beginning, a character for each byte
 * @param outputSize of all that was kept
 * @param findings of the collection, as {@code rule path}
 * @param files of the collected tree
 * @param complaints of who looked at what else must be so
 */
record Observation(
        End end,
        Duration took,
        String output,
        long outputSize,
        List<String> findings,
        Set<String> files,
        List<String> complaints) {

    /** How it ended. */
    sealed interface End {
        /** By itself. */
        record Exited(int code) implements End {}

        /** By a limit, which is named. */
        record Limited(String limit) implements End {}

        /** With its whole sandbox, by its own doing as far as anybody can tell. */
        record Died(String detail) implements End {}

        /** Nobody can tell, or not at all. */
        record Lost(String detail) implements End {}
    }

    /** The same, and something else was not as it must be. */
    Observation but(String complaint) {
        List<String> all = new ArrayList<>(complaints);
        all.add(complaint);
        return new Observation(end, took, output, outputSize, findings, files, List.copyOf(all));
    }
}
