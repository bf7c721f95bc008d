package dev.airlock.platform.settings;

import dev.airlock.platform.failure.PlatformException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one process: default, overridden by file, overridden by environment, overridden by flag.
 *
 * <p>A key is lower-case words with dots and dashes ({@code audit.linger}); its variable is {@code AIRLOCK_AUDIT_LINGER}.
 * A {@code …Config} record reads its keys here in its factory method. A value that cannot be read counts as its default
 * for the moment and as a problem: after all configs are made, {@link #verify()} reports every problem at once, with keys
 * in the file or among the flags that no config asked for. Not thread-safe.
 */
public final class Settings {
    private static final String MASK = "********";

    private final SettingSources sources;
    private final Map<String, String> effective = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    Settings(SettingSources sources) {
        this.sources = sources;
        this.problems.addAll(sources.problems());
    }

    /**
     * Settings from all places.
     *
     * @param file a properties file, which need not exist
     * @param environment variables of the process
     * @param flags by key, those that were given
     */
    public static Settings load(Path file, Map<String, String> environment, Map<String, String> flags) {
        return new Settings(SettingSources.read(file, environment, flags));
    }

    /** A text, as it is. */
    public String text(String key, String defaultValue) {
        return read(key, defaultValue, value -> value, value -> value);
    }

    /** A text that need not be there. */
    public Optional<String> text(String key) {
        return Optional.of(text(key, "")).filter(value -> !value.isEmpty());
    }

    /** A text that is masked wherever settings are shown. */
    public Optional<String> secret(String key) {
        return Optional.of(read(key, "", value -> value, value -> value.isEmpty() ? "" : MASK))
                .filter(value -> !value.isEmpty());
    }

    /** A file or directory. */
    public Path path(String key, Path defaultValue) {
        return read(key, defaultValue, Path::of, Path::toString);
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String key, boolean defaultValue) {
        return read(key, defaultValue, SettingValues::flag, String::valueOf);
    }

    /** A whole number within bounds. */
    public int number(String key, int defaultValue, int least, int most) {
        return read(key, defaultValue, text -> SettingValues.number(text, least, most), String::valueOf);
    }

    /** A length of time: {@code 300ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 3d}. */
    public Duration duration(String key, Duration defaultValue) {
        return read(key, defaultValue, SettingValues::duration, SettingValues::show);
    }

    /** A number of bytes: {@code 4096}, {@code 64Ki}, {@code 512Mi}, {@code 2Gi}. */
    public long bytes(String key, long defaultValue) {
        return read(key, defaultValue, SettingValues::bytes, String::valueOf);
    }

    /** One of the constants of an enum, in lower case with dashes. */
    public <E extends Enum<E>> E choice(String key, E defaultValue) {
        Class<E> type = defaultValue.getDeclaringClass();
        return read(key, defaultValue, text -> SettingValues.choice(text, type), SettingValues::show);
    }

    /**
     * Names that stand in keys between {@code prefix} and another dot, such as {@code a} in {@code prefix.a.colour}: for settings
     * of things that a person names. Their keys count as known once they are read.
     *
     * @param prefix ends with a dot
     */
    public SortedSet<String> names(String prefix) {
        return sources.names(prefix);
    }

    private <T> T read(String key, T defaultValue, Function<String, T> parse, Function<T, String> show) {
        T value = defaultValue;
        SettingSources.@Nullable Given given = sources.find(key);
        if (given != null) {
            try {
                value = parse.apply(given.value());
            } catch (IllegalArgumentException e) {
                // The value itself may be a secret typed in the wrong place: only what was expected is told.
                problems.add(given.origin() + " (" + key + ") " + e.getMessage());
            }
        }
        effective.put(key, show.apply(value));
        return value;
    }

    /** Adds a problem that only a config can see, such as two values that contradict each other. */
    public void problem(String key, String message) {
        SettingSources.@Nullable Given given = sources.find(key);
        problems.add((given == null ? key : given.origin() + " (" + key + ")") + " " + message);
    }

    /**
     * Ends the reading.
     *
     * @throws PlatformException with code USAGE and every problem, one a line, if there is any
     */
    public void verify() {
        List<String> all = new ArrayList<>(problems);
        for (SettingSources.Given unknown : sources.notIn(effective.keySet())) {
            all.add(unknown.origin() + " is no setting" + suggestion(unknown.key()));
        }
        report(all);
    }

    private static void report(List<String> all) {
        if (all.isEmpty()) {
            return;
        }
        throw PlatformException.of(
                PlatformException.Code.USAGE,
                all.size() == 1 ? all.getFirst() : all.size() + " settings are wrong:\n" + String.join("\n", all),
                "settings",
                "mend " + (all.size() == 1 ? "it" : "them") + " and start again");
    }

    /**
     * Ends the reading in a process that asks for a part of the keys only, such as a worker: the others in the file may be
     * for other processes.
     *
     * @throws PlatformException with code USAGE and every problem, one a line, if there is any
     */
    public void verifyRead() {
        report(problems);
    }

    /**
     * Variables named {@code AIRLOCK_…} that no config asked for. They are told, not refused: the environment is shared
     * with other programs, and a command in a sandbox has some of its own.
     */
    public List<String> warnings() {
        return sources.variablesNotIn(effective.keySet()).stream()
                .map(given -> given.origin() + " is no setting" + suggestion(given.key()))
                .toList();
    }

    private String suggestion(String key) {
        return Suggestions.nearest(key, new TreeSet<>(effective.keySet()))
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    /** What applies, by key, secrets masked. */
    public Map<String, String> effective() {
        return new TreeMap<>(effective);
    }

    /** The environment variable of a key. */
    static String variable(String key) {
        return "AIRLOCK_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Names of variables that have a meaning without being settings. */
    static boolean isReserved(String variable) {
        return List.of(
                        "AIRLOCK_STATE",
                        "AIRLOCK_INSTALLATION",
                        "AIRLOCK_FAILPOINTS",
                        "AIRLOCK_INPUT",
                        "AIRLOCK_RUN",
                        "AIRLOCK_STEP",
                        "AIRLOCK_ATTEMPT")
                .contains(variable);
    }
}
