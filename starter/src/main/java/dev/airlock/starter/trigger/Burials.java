package dev.airlock.starter.trigger;

import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.telemetry.TriggerMetrics;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Incoming;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.starter.deadletter.DeadLetter;
import dev.airlock.starter.deadletter.DeadLetters;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes dead letters of records, and audits those that policy refused. Tries until both are acknowledged. */
final class Burials {
    private static final Logger LOG = LoggerFactory.getLogger(Burials.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST_TEXT = 1000;

    private final DeadLetters letters;
    private final ServerTrail trail;

    Burials(DeadLetters letters, ServerTrail trail) {
        this.letters = letters;
        this.trail = trail;
    }

    /** @return false if the record was no longer wanted before that was done */
    boolean bury(Incoming record, @Nullable CloudEvent event, Unacceptable why, int attempt, Standing standing)
            throws InterruptedException {
        while (standing.wanted()) {
            try {
                DeadLetter letter = letters.letter(record, event, why.why(), bounded(why.text()), attempt);
                if (why.why().isPolicy()) {
                    trail.record("request.refused", refusal(letter));
                }
                letters.send(record.key(), letter);
                count(why.why());
                LOG.info("{} is a dead letter, {}: {}", record.place(), letter.cause(), letter.text());
                return true;
            } catch (PlatformException | IOException e) {
                LOG.warn("the dead letter of {} cannot be written yet: {}", record.place(), e.getMessage());
                standing.pause(PAUSE);
            }
        }
        return false;
    }

    private static void count(Cause cause) {
        TriggerMetrics metrics = Telemetry.current().trigger();
        metrics.deadLetter(cause.name());
        if (cause.isPolicy()) {
            metrics.refused(cause.name());
        }
    }

    private static Map<String, Object> refusal(DeadLetter letter) {
        DeadLetter.Claimed event = letter.event();
        return Map.of(
                "letter",
                letter.id(),
                "code",
                letter.cause().name(),
                "reason",
                letter.text(),
                "requestSource",
                event == null || event.source() == null ? "" : event.source(),
                "requestId",
                event == null || event.id() == null ? "" : event.id());
    }

    private static String bounded(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
    }
}
