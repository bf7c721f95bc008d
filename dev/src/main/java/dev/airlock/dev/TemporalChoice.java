package dev.airlock.dev;

import dev.airlock.platform.failure.PlatformException;
import java.util.regex.Pattern;

/** Which Temporal {@code dev} works on. */
public sealed interface TemporalChoice {
    /** A server of our own on a database file where the {@code temporal} command can be had, else one in memory. */
    record Available() implements TemporalChoice {}

    /** A server of our own on a database file, or none. */
    record Real() implements TemporalChoice {}

    /** One in this process, which forgets everything when the process ends. */
    record Memory() implements TemporalChoice {}

    /**
     * One that runs already.
     *
     * @param target {@code HOST:PORT}
     */
    record External(String target) implements TemporalChoice {
        private static final Pattern FORM = Pattern.compile(DevOptions.HOST_AND_PORT);

        /** Refuses addresses of another form. */
        public External {
            if (!FORM.matcher(target).matches()) {
                throw PlatformException.of(
                        PlatformException.Code.USAGE,
                        "--temporal does not take " + target,
                        target,
                        "write --temporal real, memory or HOST:PORT");
            }
        }
    }

    /** From the word of the command line: {@code auto}, {@code real}, {@code memory} or an address. */
    static TemporalChoice of(String word) {
        return switch (word) {
            case "auto" -> new Available();
            case "real" -> new Real();
            case "memory" -> new Memory();
            default -> new External(word);
        };
    }
}
