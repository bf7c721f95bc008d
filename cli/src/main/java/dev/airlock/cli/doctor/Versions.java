package dev.airlock.cli.doctor;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Versions by their numbers: {@code 1.1.5+ds1} is 1, 1, 5. */
final class Versions {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern HEAD = Pattern.compile("[^0-9]*([0-9.]+).*");

    private Versions() {}

    /** What has no number is before everything. */
    static boolean before(String version, String other) {
        List<Integer> mine = numbers(version);
        List<Integer> theirs = numbers(other);
        for (int i = 0; i < Math.max(mine.size(), theirs.size()); i++) {
            int difference = Integer.compare(at(mine, i), at(theirs, i));
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private static int at(List<Integer> numbers, int i) {
        return i < numbers.size() ? numbers.get(i) : 0;
    }

    private static List<Integer> numbers(String version) {
        var head = HEAD.matcher(version.strip());
        return head.matches()
                ? NUMBER.matcher(head.group(1))
                        .results()
                        .map(MatchResult::group)
                        .map(Integer::valueOf)
                        .toList()
                : List.of();
    }
}
