package dev.airlock.workspace.pipeline;

import dev.airlock.platform.settings.Suggestions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Puts steps in an order in which each comes after all it needs. For now that order must be the only one: steps that could
 * run side by side are a mistake.
 */
final class StepOrder {
    private final YamlDocument yaml;
    private final Map<String, Entry> steps = new LinkedHashMap<>();
    private final List<PipelineError> mistakes = new ArrayList<>();

    /** @param steps in the order of the file, each id once */
    StepOrder(YamlDocument yaml, List<Entry> steps) {
        this.yaml = yaml;
        steps.forEach(step -> this.steps.put(step.id, step));
    }

    /**
     * @param at the step
     * @param needs ids; absent when the file does not say, which means the step before it
     */
    record Entry(String id, Location at, Optional<List<String>> needs) {
        Location needsAt() {
            return at.child("needs");
        }
    }

    List<PipelineError> mistakes() {
        return mistakes;
    }

    /** What each step needs, in the order found; of use only if there are no mistakes. */
    Map<String, List<String>> sort() {
        Map<String, List<String>> needs = needs();
        Map<String, List<String>> sorted = new LinkedHashMap<>();
        Set<String> left = new LinkedHashSet<>(steps.keySet());
        boolean whole = mistakes.isEmpty();
        while (!left.isEmpty()) {
            List<String> ready = left.stream()
                    .filter(id -> sorted.keySet().containsAll(needs.getOrDefault(id, List.of())))
                    .toList();
            if (ready.isEmpty()) {
                mistakes.add(cycle(left, needs));
                return sorted;
            }
            if (whole) {
                ready.subList(1, ready.size()).forEach(id -> sideBySide(id, ready.getFirst()));
            }
            for (String id : ready) {
                sorted.put(id, needs.getOrDefault(id, List.of()));
                left.remove(id);
            }
        }
        return sorted;
    }

    private Map<String, List<String>> needs() {
        Map<String, List<String>> needs = new LinkedHashMap<>();
        String before = null;
        for (Entry step : steps.values()) {
            List<String> otherwise = before == null ? List.of() : List.of(before);
            needs.put(step.id, step.needs.map(ids -> known(step, ids)).orElse(otherwise));
            before = step.id;
        }
        return needs;
    }

    private List<String> known(Entry step, List<String> ids) {
        List<String> known = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            if (steps.containsKey(id)) {
                known.add(id);
                continue;
            }
            Optional<String> meant = Suggestions.nearest(id, steps.keySet());
            mistakes.add(yaml.at(
                    step.needsAt().child(i),
                    "no step '" + Words.shown(id) + "'"
                            + meant.map(name -> "; did you mean '" + name + "'?")
                                    .orElse(""),
                    meant.orElse(null)));
        }
        return known;
    }

    private void sideBySide(String id, String other) {
        mistakes.add(yaml.at(
                needsOf(id),
                "step '" + id + "' could run beside '" + other
                        + "'; that is not supported yet, so let one need the other",
                null));
    }

    private Location needsOf(String id) {
        return Objects.requireNonNull(steps.get(id)).needsAt();
    }

    /** Follows needs from the first step that is left until one comes again. */
    private PipelineError cycle(Set<String> left, Map<String, List<String>> needs) {
        List<String> way = new ArrayList<>();
        String id = left.iterator().next();
        while (!way.contains(id)) {
            way.add(id);
            id = needs.getOrDefault(id, List.of()).stream()
                    .filter(left::contains)
                    .findFirst()
                    .orElseThrow();
        }
        List<String> circle = new ArrayList<>(way.subList(way.indexOf(id), way.size()));
        circle.add(id);
        return yaml.at(needsOf(id), "steps need each other: " + String.join(" needs ", circle), null);
    }
}
