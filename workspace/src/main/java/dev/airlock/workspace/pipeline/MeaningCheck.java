package dev.airlock.workspace.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.workflows.change.RunEvent;
import dev.airlock.workspace.condition.ConditionException;
import dev.airlock.workspace.condition.EventCondition;
import dev.airlock.workspace.pipeline.SchemaCheck.Complaint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** What a schema cannot say: how steps go together, what is not supported yet, and bounds across keys. */
final class MeaningCheck {
    private static final Set<String> CHECKS = Set.of("paths", "size", "secrets");
    private static final Map<String, List<String>> LATER = Map.of(
            "generate", List.of("model", "prompt", "candidates"),
            "validate", List.of("policy"));
    /** Keeps a run's history within its bound. */
    private static final int MOST_ATTEMPTS_OF_STEPS = 300;

    private static final int DEFAULT_ATTEMPTS = 3;

    private final YamlDocument yaml;
    private final List<Complaint> known;
    private final List<PipelineError> mistakes = new ArrayList<>();
    private Map<String, List<String>> order = Map.of();

    /** @param known what the schema complains about; it is not looked at again */
    MeaningCheck(YamlDocument yaml, List<Complaint> known) {
        this.yaml = yaml;
        this.known = known;
    }

    List<PipelineError> check() {
        Location all = Location.ROOT.child("steps");
        JsonNode steps = yaml.root().path("steps");
        List<StepOrder.Entry> entries = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        boolean orderly = steps.isArray();
        for (int i = 0; steps.isArray() && i < steps.size(); i++) {
            Location at = all.child(i);
            notYet(steps.get(i), at, List.of("when", "foreach"));
            with(steps.get(i), at.child("with"));
            Optional<StepOrder.Entry> entry = entry(steps.get(i), at, lines);
            entry.ifPresent(entries::add);
            orderly &= entry.isPresent();
        }
        if (orderly) {
            StepOrder sorter = new StepOrder(yaml, entries);
            order = sorter.sort();
            mistakes.addAll(sorter.mistakes());
        }
        duration(Location.ROOT.child("limits").child("deadline"));
        if (known.stream().noneMatch(complaint -> complaint.at().equals(all))) {
            attempts(steps.size());
        }
        return mistakes;
    }

    /** What each step needs, in an order that works; of use only if there are no mistakes. */
    Map<String, List<String>> order() {
        return order;
    }

    private Optional<StepOrder.Entry> entry(JsonNode step, Location at, Map<String, Integer> lines) {
        Location idAt = at.child("id");
        JsonNode id = step.path("id");
        if (!sound(idAt) || !id.isTextual() || !sound(at.child("needs"))) {
            return Optional.empty();
        }
        Integer first = lines.putIfAbsent(id.textValue(), yaml.line(idAt));
        if (first != null) {
            mistakes.add(yaml.at(idAt, "step '" + id.textValue() + "' is there already, in line " + first, null));
            return Optional.empty();
        }
        if (id.textValue().equals("base")) {
            mistakes.add(yaml.at(idAt, "no step can be called 'base'; that is what the run started from", null));
        }
        Optional<List<String>> needs = Optional.empty();
        if (step.path("needs").isArray()) {
            List<String> ids = new ArrayList<>();
            step.path("needs").forEach(need -> ids.add(need.asText()));
            needs = Optional.of(ids);
        }
        return Optional.of(new StepOrder.Entry(id.textValue(), at, needs));
    }

    private void with(JsonNode step, Location at) {
        JsonNode with = step.path("with");
        String uses = step.path("uses").asText();
        if (!with.isObject()) {
            return;
        }
        notYet(with, at, LATER.getOrDefault(uses, List.of()));
        switch (uses) {
            case "generate" -> {
                limits(at.child("agent").child("limits"));
                new NetworkCheck(yaml, this::sound, mistakes)
                        .check(
                                with.path("agent").path("network"),
                                at.child("agent").child("network"));
            }
            case "validate" -> validate(with, at);
            case "sandbox" -> {
                limits(at.child("limits"));
                new NetworkCheck(yaml, this::sound, mistakes).check(with.path("network"), at.child("network"));
            }
            case "review" -> duration(at.child("timeout"));
            case "promote" -> branch(with, at.child("branch"));
            case "wait" -> await(with.path("event"), at.child("event"));
            case "emit" -> emit(with, at);
            default -> {}
        }
    }

    private void validate(JsonNode with, Location at) {
        JsonNode checks = with.path("checks");
        for (int i = 0; i < checks.size(); i++) {
            Location check = at.child("checks").child(i);
            if (sound(check) && !CHECKS.contains(checks.get(i).asText())) {
                mistakes.add(yaml.at(check, "check '" + checks.get(i).asText() + "' is not supported yet", null));
            }
        }
        size(at.child("size").child("file"));
        size(at.child("size").child("total"));
    }

    private void branch(JsonNode with, Location at) {
        String branch = with.path("branch").asText();
        if (with.has("branch") && sound(at) && !Repository.isValidRefName(Constants.R_HEADS + branch)) {
            mistakes.add(yaml.at(at, "'" + Words.shown(branch) + "' is not a name that git takes for a branch", null));
        }
    }

    private void await(JsonNode event, Location at) {
        duration(at.child("timeout"));
        Location match = at.child("match");
        if (!event.has("match") || !sound(match)) {
            return;
        }
        try {
            EventCondition.compile(event.path("match").asText());
        } catch (ConditionException e) {
            mistakes.add(yaml.at(match, "no condition in CEL: " + e.getMessage(), null));
        }
    }

    private void emit(JsonNode with, Location at) {
        if (sound(at.child("topic")) && with.path("topic").asText().startsWith("airlock.")) {
            mistakes.add(yaml.at(at.child("topic"), "topics that begin with 'airlock.' are Airlock's own", null));
        }
        Location data = at.child("data");
        if (!with.has("data") || !sound(data)) {
            return;
        }
        try {
            if (PipelineBuilder.data(with).length() > RunEvent.LONGEST_DATA) {
                mistakes.add(yaml.at(data, "more than " + RunEvent.LONGEST_DATA + " characters as JSON", null));
            }
        } catch (IllegalArgumentException e) {
            mistakes.add(yaml.at(
                    data, "no value that JSON can hold: " + Words.oneLine(String.valueOf(e.getMessage())), null));
        }
    }

    private void limits(Location at) {
        duration(at.child("timeout"));
        size(at.child("memory"));
        size(at.child("disk"));
        size(at.child("output"));
    }

    private void duration(Location at) {
        Optional<JsonNode> value = value(at);
        if (value.isPresent() && Quantities.duration(value.get()).isZero()) {
            mistakes.add(yaml.at(at, "no time at all; write at least 1s", null));
        }
        if (value.isPresent() && Quantities.duration(value.get()).toDays() > 3650) {
            mistakes.add(yaml.at(at, "more than ten years", null));
        }
    }

    private void size(Location at) {
        Optional<JsonNode> value = value(at);
        if (value.isPresent() && Quantities.size(value.get()) == 0) {
            mistakes.add(yaml.at(at, "nothing at all; write at least 1", null));
        }
        if (value.isPresent() && Quantities.size(value.get()) > 1L << 50) {
            mistakes.add(yaml.at(at, "more than 1024Ti", null));
        }
    }

    private void attempts(int steps) {
        Location at = Location.ROOT.child("limits").child("attempts");
        int attempts = value(at).map(JsonNode::intValue).orElse(DEFAULT_ATTEMPTS);
        if (steps * attempts > MOST_ATTEMPTS_OF_STEPS) {
            mistakes.add(yaml.at(
                    at,
                    steps + " steps tried " + attempts + " times are over " + MOST_ATTEMPTS_OF_STEPS
                            + "; take fewer of either",
                    null));
        }
    }

    private void notYet(JsonNode object, Location at, List<String> keys) {
        for (String key : keys) {
            if (object.has(key)) {
                mistakes.add(yaml.atKey(at.child(key), "'" + key + "' is not supported yet; leave it out", null));
            }
        }
    }

    /** A value that is there and that the schema has passed. */
    private Optional<JsonNode> value(Location at) {
        JsonNode node = yaml.root();
        for (Object element : at.elements()) {
            node = element instanceof Integer index ? node.path(index) : node.path(element.toString());
        }
        return node.isMissingNode() || !sound(at) ? Optional.empty() : Optional.of(node);
    }

    private boolean sound(Location at) {
        return known.stream().noneMatch(complaint -> complaint.at().isWithin(at) || at.isWithin(complaint.at()));
    }
}
