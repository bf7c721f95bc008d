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
    private final StringBuilder lines = new StringBuilder();

    Text(boolean colours) {
        this.colours = colours;
    }

    public Text line(String text) {
        return line(Colour.PLAIN, text);
    }

    /** Exactly one line, whatever is in it. */
    public Text line(Colour colour, String text) {
        lines.append(colour.paint(colours, Visible.inOneLine(text))).append('\n');
        return this;
    }

    /** Columns as wide as they need; the last one is not filled up. */
    public Text table(List<String> heads, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(heads);
        rows.forEach(row -> all.add(row.stream().map(Visible::line).toList()));
        int[] widths = new int[heads.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Columns.of(row.get(i)));
            }
        }
        for (int i = 0; i < all.size(); i++) {
            String line = join(all.get(i), widths);
            lines.append(i == 0 ? Colour.FAINT.paint(colours, line) : line).append('\n');
        }
        return this;
    }

    private static String join(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i));
            line.append(" ".repeat(widths[i] - Columns.of(row.get(i)) + 2));
        }
        return line.toString().stripTrailing();
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
