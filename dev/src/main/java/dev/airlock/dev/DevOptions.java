package dev.airlock.dev;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.StateDirectory;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code dev} embeds and what it finds elsewhere.
 *
 * @param temporal {@code HOST:PORT} of a server that runs; empty to embed one
 * @param kafka {@code HOST:PORT} of a cluster that runs, several separated by commas; empty to embed a broker
 */
public record DevOptions(StateDirectory state, Optional<String> temporal, Optional<String> kafka) {
    private static final String HOST_AND_PORT = "(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):\\d{1,5}";
    private static final Pattern ONE = Pattern.compile(HOST_AND_PORT);
    private static final Pattern SEVERAL = Pattern.compile(HOST_AND_PORT + "(," + HOST_AND_PORT + ")*");

    /** Refuses addresses of another form. */
    public DevOptions {
        temporal.ifPresent(address -> check("--temporal", address, ONE, "real or HOST:PORT"));
        kafka.ifPresent(address -> check("--kafka", address, SEVERAL, "HOST:PORT"));
    }

    /**
     * From the words of the command line.
     *
     * @param temporal {@code real}, or an address
     */
    public static DevOptions of(StateDirectory state, String temporal, Optional<String> kafka) {
        return new DevOptions(state, Optional.of(temporal).filter(word -> !word.equals("real")), kafka);
    }

    private static void check(String flag, String given, Pattern form, String expected) {
        if (!form.matcher(given).matches()) {
            throw PlatformException.of(
                    PlatformException.Code.USAGE,
                    flag + " does not take " + given,
                    given,
                    "write " + flag + " " + expected);
        }
    }
}
