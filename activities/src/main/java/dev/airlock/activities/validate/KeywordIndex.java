package dev.airlock.activities.validate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds every place of many keywords in one pass (Aho and Corasick, "Efficient string matching", 1975). Keywords are ASCII in
 * lower case; upper case in the text counts as lower. Immutable.
 */
final class KeywordIndex {
    private static final int LETTERS = 128;

    /** Next state for a state and a letter, all fallbacks resolved. */
    private final int[][] next;

    /** The keywords, by number, that end in a state. */
    private final int[][] ending;

    /** Told of every keyword's place. */
    @FunctionalInterface
    interface Listener {
        /** @param end position after its last character */
        void found(int keyword, int end);
    }

    KeywordIndex(List<String> keywords) {
        List<int[]> states = new ArrayList<>();
        List<List<Integer>> ends = new ArrayList<>();
        newState(states, ends);
        for (int i = 0; i < keywords.size(); i++) {
            ends.get(walk(keywords.get(i), states, ends)).add(i);
        }
        resolveFallbacks(states, ends);
        next = states.toArray(int[][]::new);
        ending = ends.stream()
                .map(each -> each.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    /** Tells of every keyword in the text, in the order in which they end. */
    void scan(CharSequence text, Listener listener) {
        int state = 0;
        for (int i = 0; i < text.length(); i++) {
            char letter = Ascii.lower(text.charAt(i));
            state = letter < LETTERS ? next[state][letter] : 0;
            for (int keyword : ending[state]) {
                listener.found(keyword, i + 1);
            }
        }
    }

    private static int walk(String keyword, List<int[]> states, List<List<Integer>> ends) {
        int state = 0;
        for (int i = 0; i < keyword.length(); i++) {
            int[] row = states.get(state);
            char letter = keyword.charAt(i);
            if (row[letter] < 0) {
                row[letter] = newState(states, ends);
            }
            state = row[letter];
        }
        return state;
    }

    private static int newState(List<int[]> states, List<List<Integer>> ends) {
        int[] row = new int[LETTERS];
        Arrays.fill(row, -1);
        states.add(row);
        ends.add(new ArrayList<>());
        return states.size() - 1;
    }

    /** Breadth first, so that the state fallen back to, being shorter, is complete already. */
    private static void resolveFallbacks(List<int[]> states, List<List<Integer>> ends) {
        int[] fallback = new int[states.size()];
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.add(0);
        while (!open.isEmpty()) {
            int state = open.remove();
            int[] row = states.get(state);
            int[] other = states.get(fallback[state]);
            for (int letter = 0; letter < LETTERS; letter++) {
                int elsewhere = state == 0 ? 0 : other[letter];
                if (row[letter] < 0) {
                    row[letter] = elsewhere;
                    continue;
                }
                fallback[row[letter]] = elsewhere;
                ends.get(row[letter]).addAll(ends.get(elsewhere));
                open.add(row[letter]);
            }
        }
    }
}
