package dev.airlock.platform.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import dev.airlock.platform.state.StateDirectory;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go. The terminal belongs to answers and errors: until {@link #toFile} is called nothing is logged
 * anywhere, and afterwards only to a file of the state directory.
 */
public final class Logs {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger{32}: %msg%n";
    private static final FileSize FILE = FileSize.valueOf("8MB");
    private static final int KEPT = 3;

    private Logs() {}

    /** Sends lines to {@code DIR/logs/NAME.log} from now on, as text; four files of 8 MB are kept. */
    public static void toFile(StateDirectory state, String name) {
        toFile(state, name, LogFormat.TEXT);
    }

    /** The same in this format. */
    public static void toFile(StateDirectory state, String name, LogFormat format) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        String file = state.logs().resolve(name + ".log").toString();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName(name);
        appender.setFile(file);
        appender.setAppend(true);
        appender.setEncoder(
                switch (format) {
                    case TEXT -> text(context);
                    case JSON -> json(context);
                });
        appender.setRollingPolicy(rolling(context, appender, file));
        appender.setTriggeringPolicy(triggering(context));
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        levels(context);
    }

    private static PatternLayoutEncoder text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        return encoder;
    }

    private static JsonEncoder json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMarkers(false);
        encoder.start();
        return encoder;
    }

    private static FixedWindowRollingPolicy rolling(
            LoggerContext context, RollingFileAppender<ILoggingEvent> appender, String file) {
        FixedWindowRollingPolicy policy = new FixedWindowRollingPolicy();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(file + ".%i");
        policy.setMinIndex(1);
        policy.setMaxIndex(KEPT);
        policy.start();
        return policy;
    }

    private static SizeBasedTriggeringPolicy<ILoggingEvent> triggering(LoggerContext context) {
        SizeBasedTriggeringPolicy<ILoggingEvent> policy = new SizeBasedTriggeringPolicy<>();
        policy.setContext(context);
        policy.setMaxFileSize(FILE);
        policy.setCheckIncrement(Duration.buildBySeconds(5));
        policy.start();
        return policy;
    }

    /** What is worth a line. At DEBUG docker-java and its transport would log whole streams, so nobody inherits that. */
    static void levels(LoggerContext context) {
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger("dev.airlock").setLevel(Level.INFO);
        context.getLogger("io.temporal").setLevel(Level.WARN);
        // Kafka's clients say at WARN, many times a second, that a broker is away; the caller says it once.
        context.getLogger("org.apache.kafka.clients.NetworkClient").setLevel(Level.ERROR);
        context.getLogger("com.github.dockerjava").setLevel(Level.WARN);
    }
}
