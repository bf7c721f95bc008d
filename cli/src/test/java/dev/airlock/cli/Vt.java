package dev.airlock.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of a terminal as a picture needs that is drawn over itself. */
final class Vt {
    private static final Pattern PART =
            Pattern.compile("\u001b\\[(\\d*)([A-Z])|\u001b\\[[0-9;]*m|\r|\n|[^\u001b\r\n]+");

    private final int columns;
    private final List<String> lines = new ArrayList<>(List.of(""));
    private int row;

    private Vt(int columns) {
        this.columns = columns;
    }

    /** What is to be seen in the end. */
    static String shows(String written, int columns) {
        Vt terminal = new Vt(columns);
        Matcher part = PART.matcher(written);
        while (part.find()) {
            terminal.take(part);
        }
        return String.join("\n", terminal.lines);
    }

    private void take(Matcher part) {
        String text = part.group();
        if (text.equals("\n")) {
            row++;
            if (row == lines.size()) {
                lines.add("");
            }
            return;
        }
        if (part.group(2) != null) {
            control(part.group(2), part.group(1).isEmpty() ? 1 : Integer.parseInt(part.group(1)));
            return;
        }
        if (text.startsWith("\u001b") || text.equals("\r")) {
            return;
        }
        if (text.length() >= columns) {
            throw new AssertionError("this line wraps: " + text);
        }
        lines.set(row, text);
    }

    private void control(String letter, int count) {
        switch (letter) {
            case "A" -> row -= count;
            case "J" -> {
                lines.set(row, "");
                while (lines.size() > row + 1) {
                    lines.removeLast();
                }
            }
            case "K" -> {
                // The rest of the line: whatever is written here replaces a whole line anyway.
            }
            default -> throw new AssertionError("unknown control " + letter);
        }
    }
}
