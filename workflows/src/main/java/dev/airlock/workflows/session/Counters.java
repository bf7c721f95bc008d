package dev.airlock.workflows.session;

import org.jspecify.annotations.Nullable;

/**
 * What an interactive sandbox counts.
 *
 * @param commands asked for so far; a command's number is the count after it
 * @param transfers of files, in or out
 * @param extensions granted
 * @param incarnations containers made, one after the other
 * @param token of the last command, absent before the first of an incarnation
 */
public record Counters(
        long commands,
        long transfers,
        int extensions,
        int incarnations,
        @Nullable String token) {
    static final Counters NONE = new Counters(0, 0, 0, 0, null);

    Counters command(String with) {
        return new Counters(commands + 1, transfers, extensions, incarnations, with);
    }

    Counters transfer() {
        return new Counters(commands, transfers + 1, extensions, incarnations, token);
    }

    Counters extension() {
        return new Counters(commands, transfers, extensions + 1, incarnations, token);
    }

    Counters incarnation() {
        return new Counters(commands, transfers, extensions, incarnations + 1, null);
    }
}
