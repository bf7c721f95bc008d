package dev.airlock.cli.doctor;

import dev.airlock.platform.kafka.KafkaFacts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where requests come in and the audit trail lies. */
final class KafkaChecks {
    private static final String KAFKA = "kafka";
    private static final String TOPICS = "kafka-topics";
    private static final String TIMESTAMPS = "kafka-timestamps";

    private KafkaChecks() {}

    static List<Check> of(Setting setting, Asked<KafkaFacts> asked) {
        String bootstrap = setting.kafkaBootstrap().orElse("");
        return switch (asked) {
            case Asked.Told<KafkaFacts> told ->
                List.of(
                        Check.ok(KAFKA, "answers at " + bootstrap),
                        topics(setting, told.value()),
                        timestamps(told.value(), bootstrap));
            case Asked.Refused<KafkaFacts> refused -> gone(refused.why());
            case Asked.Silent<KafkaFacts> silent -> gone(bootstrap + ": " + silent.why());
            case Asked.Nobody<KafkaFacts> nobody ->
                List.of(Check.skip(KAFKA, "not running: `airlock dev` starts it"), none(TOPICS), none(TIMESTAMPS));
        };
    }

    private static List<Check> gone(String why) {
        String fix = "start it, or mend its address: AIRLOCK_KAFKA, or restart airlock dev";
        return List.of(Check.fail(KAFKA, why, fix), none(TOPICS), none(TIMESTAMPS));
    }

    private static Check none(String name) {
        return Check.skip(name, "no broker is running");
    }

    private static Check topics(Setting setting, KafkaFacts facts) {
        if (facts.missing().isEmpty()) {
            return Check.ok(TOPICS, "all " + facts.wanted().size() + " are there");
        }
        String detail = "missing: " + String.join(", ", facts.missing());
        return setting.serves()
                ? Check.fail(TOPICS, detail, "restart airlock dev, which makes them")
                : Check.warn(TOPICS, detail, "start airlock dev on it, which makes them");
    }

    /** The broker's clock says how old a request is, not the producer's word. */
    private static Check timestamps(KafkaFacts facts, String bootstrap) {
        Map<String, String> wrong = new TreeMap<>(facts.timestamps());
        if (wrong.isEmpty()) {
            return facts.missing().isEmpty()
                    ? Check.ok(TIMESTAMPS, "message.timestamp.type is as it should be")
                    : Check.skip(TIMESTAMPS, "of missing topics nothing can be said");
        }
        String detail = wrong.entrySet().stream()
                .map(each -> each.getKey() + " has message.timestamp.type " + each.getValue() + " instead of "
                        + facts.wanted().get(each.getKey()))
                .collect(Collectors.joining("; "));
        String topic = wrong.keySet().iterator().next();
        String fix = "kafka-configs.sh --bootstrap-server " + bootstrap + " --alter --topic " + topic
                + " --add-config message.timestamp.type=" + facts.wanted().get(topic);
        boolean matters = wrong.keySet().stream()
                .anyMatch(each -> "LogAppendTime".equals(facts.wanted().get(each)));
        return matters ? Check.fail(TIMESTAMPS, detail, fix) : Check.warn(TIMESTAMPS, detail, fix);
    }
}
