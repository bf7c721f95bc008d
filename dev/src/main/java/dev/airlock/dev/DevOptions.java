package dev.airlock.dev;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.StateDirectory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code dev} embeds and what it finds elsewhere.
 *
 * @param kafka {@code HOST:PORT} of a cluster that runs, several separated by commas; empty to embed a broker
 * @param kafkaProperties file that says how to log in there; an embedded broker asks for no login
 */
public record DevOptions(
        StateDirectory state, TemporalChoice temporal, Optional<String> kafka, Optional<Path> kafkaProperties) {
    static final String HOST_AND_PORT = "(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):\\d{1,5}";
    private static final Pattern SEVERAL = Pattern.compile(HOST_AND_PORT + "(," + HOST_AND_PORT + ")*");

    /** Refuses addresses of another form. */
    public DevOptions {
        kafka.ifPresent(DevOptions::check);
    }

    /** For a cluster that asks for no login. */
    public DevOptions(StateDirectory state, TemporalChoice temporal, Optional<String> kafka) {
        this(state, temporal, kafka, Optional.empty());
    }

    /** The same, with a way to log in to that cluster. */
    public DevOptions withKafkaProperties(Optional<Path> file) {
        return new DevOptions(state, temporal, kafka, file);
    }

    /**
     * From the words of the command line.
     *
     * @param temporal as {@link TemporalChoice#of} takes it
     */
    public static DevOptions of(StateDirectory state, String temporal, Optional<String> kafka) {
        return new DevOptions(state, TemporalChoice.of(temporal), kafka);
    }

    private static void check(String kafka) {
        if (!SEVERAL.matcher(kafka).matches()) {
            throw PlatformException.of(
                    PlatformException.Code.USAGE, "--kafka does not take " + kafka, kafka, "write --kafka HOST:PORT");
        }
    }
}
