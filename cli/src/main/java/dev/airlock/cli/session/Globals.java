package dev.airlock.cli.session;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The options that stand before or after any subcommand; each also an environment variable. */
final class Globals {
    private final Environment environment;
    private @Nullable Path state;
    private @Nullable Format format;
    private @Nullable String as;
    private boolean yes;
    private boolean debug;

    Globals(Environment environment) {
        this.environment = environment;
    }

    void state(Path directory) {
        state = directory;
    }

    void format(Format chosen) {
        format = chosen;
    }

    void as(String principal) {
        as = principal;
    }

    void yes() {
        yes = true;
    }

    void debug() {
        debug = true;
    }

    /** Empty means the default one, which also knows {@code AIRLOCK_STATE}. */
    Optional<Path> state() {
        return Optional.ofNullable(state);
    }

    Format format() {
        if (format != null) {
            return format;
        }
        return environment.variable("AIRLOCK_OUTPUT").toLowerCase(Locale.ROOT).equals("json")
                ? Format.JSON
                : Format.TEXT;
    }

    /** Who acts, if anybody said so. */
    Optional<String> as() {
        return Optional.ofNullable(as == null ? environment.variable("AIRLOCK_AS") : as)
                .filter(text -> !text.isEmpty());
    }

    boolean agreed() {
        return yes || isOn("AIRLOCK_YES");
    }

    boolean debugging() {
        return debug || isOn("AIRLOCK_DEBUG");
    }

    private boolean isOn(String variable) {
        String value = environment.variable(variable).toLowerCase(Locale.ROOT);
        return value.equals("1") || value.equals("true") || value.equals("yes");
    }
}
