package dev.airlock.starter.abandoned;

import dev.airlock.platform.settings.Settings;
import dev.airlock.starter.service.ServerConfig;
import java.time.Duration;

/**
 * When abandoned runs are closed.
 *
 * @param installation whose runs are meant: several may use one Temporal
 * @param looks whether this Temporal can list runs at all
 * @param every how often it is looked for them
 * @param after how long after its end a run's trail is left alone: longer than any worker goes on sending
 */
record AbandonedConfig(String installation, boolean looks, Duration every, Duration after) {
    private static final Duration EVERY = Duration.ofSeconds(30);

    /** A producer gives up a record after two minutes. */
    private static final Duration AFTER = Duration.ofMinutes(3);

    static AbandonedConfig of(ServerConfig server) {
        Settings settings = server.settings();
        Duration every = settings.duration("abandoned.every", EVERY);
        if (!every.isPositive()) {
            settings.problem("abandoned.every", "must be longer than zero");
        }
        return new AbandonedConfig(
                server.installation(),
                !server.endpoints().temporal().inMemory(),
                every.isPositive() ? every : EVERY,
                settings.duration("abandoned.after", AFTER));
    }
}
