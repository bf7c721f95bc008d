package dev.airlock.activities.validate;

import java.util.Arrays;

/** Stretches of a text in rising order, those that touch taken together. */
final class Spans {
    private int[] ends = new int[8];
    private int count;

    /** @param from not before that of any stretch added earlier */
    void add(int from, int to) {
        if (count > 0 && from <= ends[count - 1]) {
            ends[count - 1] = Math.max(ends[count - 1], to);
            return;
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
        }
        ends[count++] = from;
        ends[count++] = to;
    }

    int size() {
        return count / 2;
    }

    int from(int index) {
        return ends[index * 2];
    }

    int to(int index) {
        return ends[index * 2 + 1];
    }
}
