package dev.airlock.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;

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
    private static final int PARTITIONS = 4;
    private static final String FOR_EVER = "-1";

    private Topics() {}

    /** All of them, as they are made where they are missing. */
    static List<NewTopic> all(short replicas) {
        return List.of(
                // The broker's clock, not the producer's word, says how old a request is.
                topic(REQUESTS, replicas, millis(REQUEST_RETENTION), "LogAppendTime"),
                topic(DEAD_LETTERS, replicas, FOR_EVER, "CreateTime"),
                topic(VERDICTS, replicas, millis(VERDICT_RETENTION), "CreateTime"),
                topic(AUDIT, replicas, FOR_EVER, "LogAppendTime"),
                topic(OUTPUT, replicas, millis(OUTPUT_RETENTION), "CreateTime"));
    }

    private static NewTopic topic(String name, short replicas, String retention, String time) {
        return new NewTopic(name, PARTITIONS, replicas)
                .configs(Map.of(
                        "cleanup.policy",
                        "delete",
                        "retention.ms",
                        retention,
                        "retention.bytes",
                        "-1",
                        "message.timestamp.type",
                        time));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
