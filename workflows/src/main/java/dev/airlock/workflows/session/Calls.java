package dev.airlock.workflows.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a call may be. A payload is at most 64 KB, whatever a caller says. */
final class Calls {
    private static final int MOST_WORDS = 1024;
    private static final int MOST_CHARACTERS = 8 * 1024;
    private static final int MOST_SEALED = 16 * 1024;
    private static final int LONGEST_PATH = 1024;
    private static final Duration LONGEST = Duration.ofHours(24);

    private Calls() {}

    static @Nullable Refused flaw(Call.Exec call) {
        if (call.argv().isEmpty() || call.argv().getFirst().isEmpty()) {
            return usage("which command?");
        }
        int characters = call.argv().stream().mapToInt(String::length).sum();
        Call.Environment environment = call.environment();
        boolean sealedTooLong = environment != null
                && (environment.sealed().length() > MOST_SEALED
                        || environment.names().size() > 256);
        if (call.argv().size() > MOST_WORDS || characters > MOST_CHARACTERS || sealedTooLong) {
            return new Refused(
                    SessionRefusal.TOO_LARGE,
                    "a command has at most " + MOST_CHARACTERS + " characters in " + MOST_WORDS
                            + " words, its environment " + MOST_SEALED + "; put longer things into a file");
        }
        if (call.argv().stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            return usage("a word of a command has no NUL in it");
        }
        if (!call.timeout().isPositive() || call.timeout().compareTo(LONGEST) > 0) {
            return usage("a time-out is longer than zero and at most " + LONGEST.toHours() + " h");
        }
        return flaw(call.directory());
    }

    static @Nullable Refused flaw(String path) {
        if (path.length() > LONGEST_PATH || path.indexOf('\0') >= 0) {
            return usage("a path has at most " + LONGEST_PATH + " characters, and no NUL");
        }
        return null;
    }

    private static Refused usage(String message) {
        return new Refused(SessionRefusal.USAGE, message);
    }
}
