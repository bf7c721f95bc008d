package dev.airlock.platform.telemetry;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Takes what OpenTelemetry says of a receiver that is away into our log. The JDK's would print it on the terminal. */
final class LibraryLogs extends Handler {
    /** Held here: the JDK forgets a logger that nobody holds, and its handlers with it. */
    private static final List<Logger> SPEAKERS =
            List.of(Logger.getLogger("io.opentelemetry"), Logger.getLogger("io.prometheus"));

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LibraryLogs.class);

    private LibraryLogs() {}

    static synchronized void intoOurs() {
        for (Logger speaker : SPEAKERS) {
            if (speaker.getUseParentHandlers()) {
                speaker.setUseParentHandlers(false);
                speaker.addHandler(new LibraryLogs());
            }
        }
    }

    @Override
    public void publish(LogRecord said) {
        if (said.getLevel().intValue() >= Level.WARNING.intValue()) {
            LOG.warn("{}", said.getMessage(), said.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
