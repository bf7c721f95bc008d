package dev.airlock.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of a command's output that tell what happened. */
final class Excerpts {
    private static final int MOST = 8;
    private static final int LONGEST = 200;

    /** {@code FAIL: test_name (module.Class.test_name) (values)}: the middle says nothing new. */
    private static final Pattern FAIL = Pattern.compile("(FAIL|ERROR): (\\S+) \\([^()]*\\)(.*)");

    private static final Pattern SUMMARY = Pattern.compile("(?m)^Ran (\\d+) tests? in ");

    private Excerpts() {}

    /** Which tests failed, and how. */
    static List<String> failures(String output) {
        List<String> found = new ArrayList<>();
        for (String line : output.lines().map(Excerpts::cut).toList()) {
            Matcher fail = FAIL.matcher(line);
            if (fail.matches()) {
                found.add(fail.group(1) + ": " + fail.group(2) + fail.group(3));
            } else if (line.startsWith("AssertionError: ")) {
                found.add("  " + line);
            }
        }
        return found.isEmpty() ? last(output) : found.subList(0, Math.min(MOST, found.size()));
    }

    private static List<String> last(String output) {
        List<String> lines = output.lines().map(Excerpts::cut).toList();
        return lines.subList(Math.max(0, lines.size() - MOST), lines.size());
    }

    /** How many tests ran; empty if the output does not tell. */
    static String tests(String output) {
        Matcher summary = SUMMARY.matcher(output);
        return summary.find() ? summary.group(1) + " tests" : "";
    }

    /** What the agent said. */
    static List<String> words(String output, String speaker) {
        return output.lines()
                .filter(line -> line.startsWith(speaker + ": "))
                .limit(MOST)
                .map(Excerpts::cut)
                .toList();
    }

    /** What a command prints may be one endless line. */
    private static String cut(String line) {
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
