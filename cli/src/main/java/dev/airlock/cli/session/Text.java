package dev.airlock.cli.session;

import java.util.ArrayList;
import java.util.List;

/** Text for people, built line by line; everything in it is made {@link Visible}. Colours are left out where unwanted. */
public final class Text {
    /** Meaning, not taste. */
    public enum Colour {
        PLAIN(""),
        GOOD("\u001b[32m"),
        BAD("\u001b[31m"),
        WAITING("\u001b[33m"),
        FAINT("\u001b[2m"),
        STRONG("\u001b[1m"),
        MARK("\u001b[36m");

        private final String code;

        Colour(String code) {
            this.code = code;
        }

        /** The text in this colour, or as it is where colours are unwanted. */
        public String paint(boolean wanted, String text) {
            return wanted && this != PLAIN ? code + text + RESET : text;
        }
    }

    private static final String RESET = "\u001b[0m";

    private final boolean colours;
    private final int columns;
    private final StringBuilder lines = new StringBuilder();

    public Text(boolean colours) {
        this(colours, Integer.MAX_VALUE);
    }

    /** @param columns where lines are cut off */
    public Text(boolean colours, int columns) {
        this.colours = colours;
        this.columns = columns;
    }

    public Text line(String text) {
        return line(Colour.PLAIN, text);
    }

    /** Exactly one line, whatever is in it. */
    public Text line(Colour colour, String text) {
        lines.append(paint(colour, Visible.inOneLine(text))).append('\n');
        return this;
    }

    /** Columns as wide as they need; the last one is not filled up. */
    public Text table(List<String> heads, List<List<String>> rows) {
        return table(heads, rows, List.of());
    }

    /** @param colours of the rows; those left out are plain */
    public Text table(List<String> heads, List<List<String>> rows, List<Colour> colours) {
        List<List<String>> all = new ArrayList<>(List.of(heads));
        all.addAll(rows);
        List<Colour> each = new ArrayList<>(List.of(Colour.FAINT));
        each.addAll(colours);
        return rows(all, each);
    }

    /** A table without heads. */
    public Text rows(List<List<String>> rows, List<Colour> colours) {
        List<List<String>> shown = rows.stream()
                .map(row -> row.stream().map(Visible::inOneLine).toList())
                .toList();
        int[] widths = widths(shown);
        for (int i = 0; i < shown.size(); i++) {
            Colour colour = i < colours.size() ? colours.get(i) : Colour.PLAIN;
            lines.append(paint(colour, join(shown.get(i), widths))).append('\n');
        }
        return this;
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], Columns.of(row.get(i)));
            }
        }
        return widths;
    }

    private static String join(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(row.get(i));
            line.append(" ".repeat(widths[i] - Columns.of(row.get(i)) + 2));
        }
        return line.toString().stripTrailing();
    }

    private String paint(Colour colour, String text) {
        String cut = Columns.fit(text, columns);
        return colour.paint(colours && !cut.isEmpty(), cut);
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
