package dev.airlock.cli.doctor;

import dev.airlock.activities.sandbox.DockerFacts;
import dev.airlock.cli.doctor.Sources.MachineFacts;
import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.starter.run.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the clock can be right. There is no true time to be had here: it is held against what others wrote down and against
 * itself, and what was compared is said.
 */
final class ClockCheck {
    private static final String CLOCK = "clock";
    private static final String FIX = "synchronise the clocks: timedatectl set-ntp true, on each machine";
    private static final Duration TOLERATED = Duration.ofSeconds(5);
    private static final Duration STEP = Duration.ofSeconds(1);

    private ClockCheck() {}

    /** @param drift how much further the clock went than the time that passed, while all this was asked */
    static Check of(Asked<MachineFacts> machine, Asked<DockerFacts> docker, Asked<KafkaFacts> kafka, Duration drift) {
        if (!(machine instanceof Asked.Told<MachineFacts> told)) {
            return Check.unknown(CLOCK, "the machine does not answer", FIX);
        }
        Instant now = told.value().now();
        if (now.isBefore(told.value().built())) {
            return Check.fail(CLOCK, "it says " + now + ", which is before this program was built", FIX);
        }
        if (drift.abs().compareTo(STEP) > 0) {
            return Check.warn(CLOCK, "it was set by " + Durations.text(drift.abs()) + " while I looked", FIX);
        }
        Duration ahead = docker instanceof Asked.Told<DockerFacts> daemon
                ? daemon.value().ahead()
                : null;
        Instant newest =
                kafka instanceof Asked.Told<KafkaFacts> broker ? broker.value().newest() : null;
        return compared(now, ahead, newest);
    }

    private static Check compared(Instant now, @Nullable Duration ahead, @Nullable Instant newest) {
        if (ahead != null && ahead.abs().compareTo(TOLERATED) > 0) {
            String which = ahead.isNegative() ? " behind" : " ahead";
            return Check.warn(CLOCK, "the docker daemon's is " + Durations.text(ahead.abs()) + which, FIX);
        }
        if (newest != null && newest.isAfter(now.plus(TOLERATED))) {
            String future = Durations.text(Duration.between(now, newest)) + " in the future";
            return Check.warn(CLOCK, "Kafka's newest audit event is of " + future, FIX);
        }
        List<String> others = new ArrayList<>();
        if (ahead != null) {
            others.add("docker's clock");
        }
        if (newest != null) {
            others.add("Kafka's newest audit event");
        }
        return Check.ok(
                CLOCK,
                others.isEmpty()
                        ? "plausible; there is no other clock to compare it with"
                        : "agrees with " + String.join(" and ", others));
    }
}
