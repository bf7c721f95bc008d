package dev.airlock.starter.trigger;

import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Shown;
import dev.airlock.starter.cloudevent.Unacceptable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may do what. The rule with the longest fitting {@code uri} decides. It is the record's word who sent it, so Kafka's ACLs come first. */
final class SourcePolicy {
    /** Sources of the other ways in: with one of them a record could take the id of somebody's push. */
    private static final String RESERVED = "airlock:";

    private final List<SourceRule> rules;
    private final TriggerConfig.Unnamed unnamed;

    SourcePolicy(List<SourceRule> rules, TriggerConfig.Unnamed unnamed) {
        this.rules = List.copyOf(rules);
        this.unnamed = unnamed;
    }

    void checkStart(CloudEvent event, ChangeRequested asked) throws Unacceptable {
        SourceRule rule = rule(event);
        if (rule == null) {
            return;
        }
        Optional<String> refusal = rule.refuses(asked);
        if (refusal.isPresent()) {
            throw refused(event, refusal.get() + " (rule " + rule.name() + ")");
        }
    }

    /** @param workspace that of the run; absent when it is not known */
    void checkEvent(CloudEvent event, @Nullable String workspace) throws Unacceptable {
        SourceRule rule = rule(event);
        if (rule != null && (workspace == null || !rule.mayTell(workspace))) {
            throw refused(event, "may not send events to runs of " + workspace + " (rule " + rule.name() + ")");
        }
    }

    private @Nullable SourceRule rule(CloudEvent event) throws Unacceptable {
        if (event.source().startsWith(RESERVED)) {
            throw refused(
                    event, "belongs to Airlock's own ways in; sources that begin with " + RESERVED + " are its own");
        }
        Optional<SourceRule> nearest = rules.stream()
                .filter(rule -> rule.isFor(event.source()))
                .max(Comparator.comparingInt(rule -> rule.uri().length()));
        if (nearest.isPresent() || unnamed == TriggerConfig.Unnamed.ANYTHING) {
            return nearest.orElse(null);
        }
        throw refused(
                event,
                "is named by no rule, and may do nothing: set trigger.source.NAME.uri and .start (or .events) in the server's"
                        + " settings.properties, start the server again, and replay");
    }

    private static Unacceptable refused(CloudEvent event, String what) {
        return new Unacceptable(Cause.NOT_ALLOWED, "the source " + Shown.text(event.source()) + " " + what);
    }
}
