package dev.airlock.cli.doctor;

import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.platform.kafka.TopicFacts;
import dev.airlock.platform.kafka.TopicPlan;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.run.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where requests come in and the audit trail lies. */
final class KafkaChecks {
    private static final String KAFKA = "kafka";
    private static final String TOPICS = "kafka-topics";
    private static final String TIMESTAMPS = "kafka-timestamps";
    private static final String REPLICATION = "kafka-replication";
    private static final String PARTITIONS = "kafka-partitions";
    private static final String RETENTION = "kafka-retention";
    private static final String START = "start it, or mend its address: AIRLOCK_KAFKA, or restart airlock dev";
    private static final String BY_HAND = "airlock setup --topics tells how each topic should be";

    private final Setting setting;
    private final KafkaFacts facts;

    private KafkaChecks(Setting setting, KafkaFacts facts) {
        this.setting = setting;
        this.facts = facts;
    }

    static List<Check> of(Setting setting, Asked<KafkaFacts> asked) {
        String bootstrap = setting.kafkaBootstrap().orElse("");
        return switch (asked) {
            case Asked.Told<KafkaFacts> told -> {
                KafkaChecks checks = new KafkaChecks(setting, told.value());
                yield List.of(
                        Check.ok(KAFKA, "answers at " + bootstrap),
                        checks.topics(),
                        checks.timestamps(bootstrap),
                        checks.replication(),
                        checks.partitions(),
                        checks.retention());
            }
            case Asked.Refused<KafkaFacts> refused ->
                gone(refused.why(), refused.mend().orElse(START));
            case Asked.Silent<KafkaFacts> silent -> gone(bootstrap + ": " + silent.why(), START);
            case Asked.Nobody<KafkaFacts> nobody -> without(Check.skip(KAFKA, "not running: `airlock dev` starts it"));
        };
    }

    private static List<Check> gone(String why, String fix) {
        return without(Check.fail(KAFKA, why, fix));
    }

    private static List<Check> without(Check broker) {
        return Stream.concat(
                        Stream.of(broker),
                        Stream.of(TOPICS, TIMESTAMPS, REPLICATION, PARTITIONS, RETENTION)
                                .map(name -> Check.skip(name, "no broker is running")))
                .toList();
    }

    private Check topics() {
        if (facts.missing().isEmpty()) {
            return Check.ok(TOPICS, "all " + facts.topics().size() + " are there");
        }
        String detail = "missing: " + String.join(", ", facts.missing());
        return setting.serves()
                ? Check.fail(TOPICS, detail, "restart airlock dev, which makes them")
                : Check.warn(TOPICS, detail, "airlock setup --topics makes them");
    }

    /** The broker's clock says how old a request is, not the producer's word. */
    private Check timestamps(String bootstrap) {
        List<TopicFacts> wrong = facts.topics().stream()
                .filter(TopicFacts::isStampedOtherwise)
                .sorted(Comparator.comparing(TopicFacts::name))
                .toList();
        if (wrong.isEmpty()) {
            return facts.missing().isEmpty()
                    ? Check.ok(TIMESTAMPS, "message.timestamp.type is as it should be")
                    : Check.skip(TIMESTAMPS, "of missing topics nothing can be said");
        }
        String detail = wrong.stream()
                .map(each -> each.name() + " has message.timestamp.type " + each.setting("message.timestamp.type")
                        + " instead of " + each.wantedTimestamps())
                .collect(Collectors.joining("; "));
        TopicFacts first = wrong.getFirst();
        String fix = "kafka-configs.sh --bootstrap-server " + bootstrap + " --alter --topic " + first.name()
                + " --add-config message.timestamp.type=" + first.wantedTimestamps();
        boolean matters =
                wrong.stream().anyMatch(each -> each.wantedTimestamps().equals("LogAppendTime"));
        return matters ? Check.fail(TIMESTAMPS, detail, fix) : Check.warn(TIMESTAMPS, detail, fix);
    }

    /** An acknowledged record must outlive a broker. */
    private Check replication() {
        if (setting.embeddedKafka()) {
            return Check.skip(REPLICATION, "one broker for development: a power cut may take the last records");
        }
        if (facts.topics().isEmpty()) {
            return Check.skip(REPLICATION, "of missing topics nothing can be said");
        }
        int replicas = fewest(TopicFacts::replicas);
        int insync = fewest(TopicFacts::minInsync);
        String both = replicas + " replicas, " + insync + " of them before a record counts";
        if (replicas < 2) {
            String lost = naming(each -> each.replicas() < 2)
                    + ": one replica, so a broker that is lost takes the trail along";
            // Whoever develops against a broker of his own knows.
            return setting.serves()
                    ? Check.warn(REPLICATION, lost, "give it three brokers before anything counts on it")
                    : Check.fail(REPLICATION, lost, "add brokers and replicas, then airlock setup --topics");
        }
        if (insync < 2) {
            String topics = naming(each -> each.minInsync() < 2);
            return Check.fail(
                    REPLICATION,
                    topics + ": min.insync.replicas is 1, so a record counts that one broker has",
                    "set it to 2; " + BY_HAND);
        }
        if (facts.topics().stream().anyMatch(each -> each.minInsync() >= each.replicas())) {
            return Check.warn(
                    REPLICATION,
                    both + ": one broker that is away stops all writing",
                    "three replicas and min.insync.replicas=2; " + BY_HAND);
        }
        int behind = facts.topics().stream().mapToInt(TopicFacts::behind).sum();
        return behind == 0
                ? Check.ok(REPLICATION, both)
                : Check.warn(
                        REPLICATION, both + "; " + behind + " partitions lack a replica in step", "see to the brokers");
    }

    private Check partitions() {
        if (facts.topics().isEmpty()) {
            return Check.skip(PARTITIONS, "of missing topics nothing can be said");
        }
        int fewest = fewest(TopicFacts::partitions);
        return fewest < TopicPlan.PARTITIONS
                ? Check.warn(
                        PARTITIONS,
                        naming(each -> each.partitions() < TopicPlan.PARTITIONS) + ": fewer than "
                                + TopicPlan.PARTITIONS + ", which bounds how many may work at once",
                        "add some while nothing runs; " + BY_HAND)
                : Check.ok(PARTITIONS, fewest + " or more of each topic");
    }

    /** Compaction keeps one record of a key: it would destroy a chain, and a queue. */
    private Check retention() {
        if (facts.topics().isEmpty()) {
            return Check.skip(RETENTION, "of missing topics nothing can be said");
        }
        String compacted = naming(each -> each.setting("cleanup.policy").contains("compact"));
        if (!compacted.isEmpty()) {
            return Check.fail(
                    RETENTION,
                    compacted + ": cleanup.policy keeps only the last record of each key",
                    "cleanup.policy=delete; " + BY_HAND);
        }
        List<String> bounded = new ArrayList<>();
        for (String name : List.of(Topics.AUDIT, Topics.DEAD_LETTERS)) {
            facts.topic(name).ifPresent(topic -> {
                Duration kept = topic.retention();
                String bytes = topic.setting("retention.bytes");
                if (kept != null) {
                    bounded.add(name + " forgets after " + Durations.text(kept));
                } else if (!bytes.isEmpty() && !bytes.equals("-1")) {
                    bounded.add(name + " forgets past " + bytes + " bytes a partition");
                }
            });
        }
        if (bounded.isEmpty()) {
            return Check.ok(RETENTION, "the trail and dead letters are kept for ever");
        }
        String detail = String.join("; ", bounded);
        String fix = "retention.ms=-1 and retention.bytes=-1; " + BY_HAND;
        // A trail whose beginning is gone is one that somebody has tampered with, for all that a verifier can see.
        return bounded.stream().anyMatch(each -> each.startsWith(Topics.AUDIT + " "))
                ? Check.fail(RETENTION, detail, fix)
                : Check.warn(RETENTION, detail, fix);
    }

    private int fewest(ToIntFunction<TopicFacts> count) {
        return facts.topics().stream().mapToInt(count).min().orElse(0);
    }

    private String naming(Predicate<TopicFacts> which) {
        return facts.topics().stream().filter(which).map(TopicFacts::name).collect(Collectors.joining(", "));
    }
}
