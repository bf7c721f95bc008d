package dev.airlock.platform.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class Suggestions {
    private static final int LONGEST = 64;

    private Suggestions() {}

    /** The candidate nearest to {@code typed}, if one is near enough to be a slip of the hand. */
    public static Optional<String> nearest(String typed, Collection<String> candidates) {
        if (typed.length() > LONGEST) {
            return Optional.empty();
        }
        String plain = plain(typed);
        int tolerated = Math.max(1, plain.length() / 4);
        return candidates.stream()
                .filter(candidate -> distance(plain, plain(candidate)) <= tolerated)
                .min(Comparator.comparingInt((String candidate) -> distance(plain, plain(candidate)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static String plain(String text) {
        String lower = text.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
        return lower.startsWith("airlock.") ? lower.substring("airlock.".length()) : lower;
    }

    /** Edits (insert, delete, replace, swap of neighbours) between two texts. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = cell(a, b, cost, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cell(String a, String b, int[][] cost, int i, int j) {
        if (i == 0 || j == 0) {
            return i + j;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
