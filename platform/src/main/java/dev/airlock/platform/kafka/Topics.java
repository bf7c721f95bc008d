package dev.airlock.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The topics: what the outside may send, and what it may know. */
public final class Topics {
    /** Requests for changes; in. */
    public static final String REQUESTS = "airlock.requests";

    /** Requests that could not be taken, with the cause; out. */
    public static final String DEAD_LETTERS = "airlock.requests.dlq";

    /** One event when a run waits for review and one when it ends; out. */
    public static final String VERDICTS = "airlock.verdicts";

    /** Audit events; out, kept for ever. */
    public static final String AUDIT = "airlock.audit";

    /** Live output of steps; out, kept briefly. */
    public static final String OUTPUT = "airlock.output";

    /** How long a request can be read again. Temporal must remember closed runs for longer than that. */
    public static final Duration REQUEST_RETENTION = Duration.ofDays(7);

    private static final Duration VERDICT_RETENTION = Duration.ofDays(30);
    private static final Duration OUTPUT_RETENTION = Duration.ofDays(1);
    private static final String FOR_EVER = "-1";

    private Topics() {}

    /** The names of all of them. */
    public static List<String> names() {
        return List.of(REQUESTS, DEAD_LETTERS, VERDICTS, AUDIT, OUTPUT);
    }

    /** What a topic must keep, and how, wherever it is. */
    static Map<String, String> settings(String topic) {
        return switch (topic) {
            // The broker's clock, not the producer's word, says how old a request is.
            case REQUESTS -> settings(millis(REQUEST_RETENTION), "LogAppendTime");
            case DEAD_LETTERS -> settings(FOR_EVER, "CreateTime");
            case VERDICTS -> settings(millis(VERDICT_RETENTION), "CreateTime");
            case AUDIT -> settings(FOR_EVER, "LogAppendTime");
            case OUTPUT -> settings(millis(OUTPUT_RETENTION), "CreateTime");
            default -> throw new IllegalArgumentException("no topic of ours: " + topic);
        };
    }

    private static Map<String, String> settings(String retention, String time) {
        return Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                retention,
                "retention.bytes",
                "-1",
                "message.timestamp.type",
                time);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
