package dev.airlock.platform.kafka;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.settings.Suggestions;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * How clients prove who they are, and whom they trust: the {@code security.}, {@code ssl.} and {@code sasl.} settings of a
 * properties file such as Kafka's own tools take. Everything else there is refused, since the guarantees rest on it. Values may
 * be secrets: none is ever shown.
 */
public final class KafkaSecurity {
    /** The setting that names the file. */
    public static final String SETTING = "kafka.properties";

    /** Its variable. */
    public static final String VARIABLE = "AIRLOCK_KAFKA_PROPERTIES";

    private static final List<String> PREFIXES = List.of("security.", "ssl.", "sasl.");
    private static final List<String> KNOWN = ProducerConfig.configNames().stream()
            .filter(KafkaSecurity::isSecurity)
            .sorted()
            .toList();
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{env:([^}]*)}");

    private final Map<String, String> settings;

    private KafkaSecurity(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
    }

    /** No login, nothing encrypted: for a broker on this machine. */
    public static KafkaSecurity none() {
        return new KafkaSecurity(Map.of());
    }

    /**
     * As the file says. {@code ${env:NAME}} in a value stands for a variable of this process.
     *
     * @throws PlatformException with code USAGE and every problem of the file
     */
    public static KafkaSecurity read(Path file) {
        return read(file, System.getenv());
    }

    static KafkaSecurity read(Path file, Map<String, String> environment) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw refused(file, List.of("it cannot be read: " + e), e);
        }
        List<String> problems = new ArrayList<>();
        Map<String, String> settings = new TreeMap<>();
        for (String key : new TreeMap<>(properties)
                .keySet().stream().map(Object::toString).toList()) {
            if (!KNOWN.contains(key)) {
                problems.add(unknown(key));
            }
            settings.put(key, resolved(key, properties.getProperty(key), environment, problems));
        }
        if (!problems.isEmpty()) {
            throw refused(file, problems, null);
        }
        return new KafkaSecurity(settings);
    }

    private static boolean isSecurity(String key) {
        return PREFIXES.stream().anyMatch(key::startsWith);
    }

    private static String unknown(String key) {
        if (!isSecurity(key)) {
            return key + " is not taken from there; only security.*, ssl.* and sasl.* are";
        }
        return key + " is no setting of a Kafka client"
                + Suggestions.nearest(key, KNOWN)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
    }

    private static String resolved(String key, String value, Map<String, String> environment, List<String> problems) {
        Matcher references = REFERENCE.matcher(value);
        return references.replaceAll(found -> {
            String variable = environment.get(found.group(1));
            if (variable == null) {
                problems.add(key + " needs the variable " + found.group(1) + ", which is not set");
                return "";
            }
            return Matcher.quoteReplacement(variable);
        });
    }

    private static PlatformException refused(Path file, List<String> problems, @Nullable Exception e) {
        String message = "Kafka client settings " + file + ": " + String.join("; ", problems);
        String hint = "mend the file that " + VARIABLE + " names; docs/operations.md has an example";
        return e == null
                ? PlatformException.of(PlatformException.Code.USAGE, message, file.toString(), hint)
                : PlatformException.of(PlatformException.Code.USAGE, message, file.toString(), hint, e);
    }

    boolean isNone() {
        return settings.isEmpty();
    }

    /** By the names that Kafka has for them. */
    Map<String, String> settings() {
        return settings;
    }

    /** Their names alone. */
    @Override
    public String toString() {
        return new TreeMap<>(settings).keySet().toString();
    }
}
