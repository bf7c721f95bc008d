package dev.airlock.cli.doctor;

import dev.airlock.cli.doctor.Sources.MachineFacts;
import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.temporal.TemporalFacts;
import dev.airlock.starter.run.Durations;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where runs live. */
final class TemporalChecks {
    private static final String TEMPORAL = "temporal";
    private static final String RETENTION = "temporal-retention";
    private static final String ATTRIBUTES = "temporal-search-attributes";

    private final Setting setting;
    private final Asked<MachineFacts> machine;
    private final Asked<KafkaFacts> kafka;

    private TemporalChecks(Setting setting, Asked<MachineFacts> machine, Asked<KafkaFacts> kafka) {
        this.setting = setting;
        this.machine = machine;
        this.kafka = kafka;
    }

    static List<Check> of(
            Setting setting, Asked<TemporalFacts> asked, Asked<MachineFacts> machine, Asked<KafkaFacts> kafka) {
        TemporalChecks checks = new TemporalChecks(setting, machine, kafka);
        String target = setting.temporalTarget().orElse("");
        return switch (asked) {
            case Asked.Told<TemporalFacts> told ->
                List.of(
                        checks.server(told.value(), target),
                        checks.retention(told.value()),
                        checks.attributes(told.value()));
            case Asked.Refused<TemporalFacts> refused ->
                List.of(gone(refused.why()), none(RETENTION), none(ATTRIBUTES));
            case Asked.Silent<TemporalFacts> silent ->
                List.of(gone(target + ": " + silent.why()), none(RETENTION), none(ATTRIBUTES));
            case Asked.Nobody<TemporalFacts> nobody -> List.of(checks.command(), none(RETENTION), none(ATTRIBUTES));
        };
    }

    private static Check gone(String why) {
        return Check.fail(TEMPORAL, why, "start it, or mend its address: AIRLOCK_TEMPORAL, or restart airlock dev");
    }

    private static Check none(String name) {
        return Check.skip(name, "no server is running");
    }

    /** What dev will start. */
    private Check command() {
        String later = "not running: `airlock dev` starts it";
        if (machine instanceof Asked.Told<MachineFacts> told
                && told.value().temporal().isEmpty()) {
            return Check.warn(
                    TEMPORAL,
                    later + " in memory, since there is no temporal command: runs will end with it",
                    "run ./airlock setup --temporal");
        }
        return Check.skip(TEMPORAL, later);
    }

    private Check server(TemporalFacts facts, String target) {
        if (setting.inMemory()) {
            return Check.warn(
                    TEMPORAL,
                    "in memory at " + target + ": runs end with airlock dev",
                    "run ./airlock setup --temporal, then start airlock dev again");
        }
        return Check.ok(
                TEMPORAL, (facts.version().isEmpty() ? "a server" : "server " + facts.version()) + " at " + target);
    }

    /** A request that comes again is the same run only while Temporal remembers it. */
    private Check retention(TemporalFacts facts) {
        if (setting.inMemory()) {
            return Check.skip(RETENTION, "in memory");
        }
        Duration remembered = facts.retention();
        if (remembered == null) {
            return Check.warn(
                    RETENTION,
                    "the server does not tell it",
                    "see that it is over " + Durations.text(Topics.REQUEST_RETENTION));
        }
        Duration kept = kept();
        if (kept == null) {
            return Check.fail(
                    RETENTION,
                    "runs are remembered for " + Durations.text(remembered) + ", and requests are kept for ever",
                    "bound the retention of " + Topics.REQUESTS + ": retention.ms="
                            + Topics.REQUEST_RETENTION.toMillis());
        }
        String both =
                "runs are remembered for " + Durations.text(remembered) + ", requests kept for " + Durations.text(kept);
        return remembered.compareTo(kept) > 0
                ? Check.ok(RETENTION, both)
                : Check.fail(
                        RETENTION,
                        both + ": a request read again could run twice",
                        "temporal operator namespace update -n default --retention "
                                + kept.plus(Topics.REQUEST_RETENTION).toHours() + "h");
    }

    /** As the topic says, else as we make it; absent means for ever. */
    private @Nullable Duration kept() {
        if (kafka instanceof Asked.Told<KafkaFacts> told
                && !told.value().missing().contains(Topics.REQUESTS)) {
            return told.value().retention();
        }
        return Topics.REQUEST_RETENTION;
    }

    private Check attributes(TemporalFacts facts) {
        if (setting.inMemory()) {
            return Check.skip(ATTRIBUTES, "in memory");
        }
        List<String> missing = facts.missing();
        if (missing == null) {
            return Check.warn(ATTRIBUTES, "the server does not tell them", "see docs/operations.md");
        }
        if (missing.isEmpty()) {
            return Check.ok(ATTRIBUTES, "registered");
        }
        String detail = "not registered: " + String.join(", ", missing);
        // An external server gets them when dev starts on it.
        return setting.serves()
                ? Check.fail(ATTRIBUTES, detail, create(missing))
                : Check.warn(ATTRIBUTES, detail + "; `airlock dev` registers them", create(missing));
    }

    private static String create(List<String> missing) {
        return "temporal operator search-attribute create --type Keyword --name " + String.join(" --name ", missing);
    }
}
