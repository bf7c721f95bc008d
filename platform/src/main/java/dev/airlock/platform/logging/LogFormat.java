package dev.airlock.platform.logging;

import dev.airlock.platform.settings.Settings;

/** How a line of the log looks. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** One JSON object a line, with the {@link LogFields} under {@code mdc}. */
    JSON;

    /** Reads {@code log.format}. */
    public static LogFormat from(Settings settings) {
        return settings.choice("log.format", TEXT);
    }
}
