package dev.airlock.workspace.pipeline;

import java.util.ArrayList;
import java.util.List;

/** Where in a document: keys (text) and list positions (integers) from the root. */
record Location(List<Object> elements) {
    static final Location ROOT = new Location(List.of());

    Location {
        elements = List.copyOf(elements);
    }

    Location child(Object element) {
        List<Object> longer = new ArrayList<>(elements);
        longer.add(element);
        return new Location(longer);
    }

    Location parent() {
        return new Location(elements.subList(0, elements.size() - 1));
    }

    boolean isWithin(Location other) {
        int length = other.elements.size();
        return elements.size() >= length && elements.subList(0, length).equals(other.elements);
    }

    String last() {
        return elements.isEmpty() ? "" : elements.getLast().toString();
    }

    /** As people write it: {@code steps[1].with.run}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Object element : elements) {
            if (element instanceof Integer index) {
                text.append('[').append(index).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(Words.shown(element.toString()));
            }
        }
        return text.toString();
    }
}
