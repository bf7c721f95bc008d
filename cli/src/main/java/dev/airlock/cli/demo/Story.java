package dev.airlock.cli.demo;

import dev.airlock.cli.session.Text.Colour;
import dev.airlock.cli.session.Visible;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the demo talks: numbered chapters, one line for each thing done with the time it took, quotes of what others said. On a
 * terminal the line of what is being done now is written over. Nothing is wider than 80 columns but a diff.
 */
final class Story {
    private static final int LABEL = 11;
    private static final int TIME_COLUMN = 72;
    private static final int QUOTE = 70;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean colours;
    private final boolean redraws;
    private int chapters;
    private boolean pending;
    private boolean asking;

    /** @param redraws whether a line can be written over */
    Story(PrintStream out, boolean colours, boolean redraws) {
        this.out = out;
        this.colours = colours;
        this.redraws = redraws;
    }

    synchronized void chapter(String title) {
        chapters++;
        line("");
        line(Colour.STRONG, chapters + "  " + title);
    }

    /** Plain words, indented under their chapter. */
    void says(String... lines) {
        for (String line : lines) {
            line(("   " + line).stripTrailing());
        }
    }

    void line(String text) {
        line(Colour.PLAIN, text);
    }

    synchronized void line(Colour colour, String text) {
        erase();
        out.println(colour.paint(colours, Visible.text(text)));
        out.flush();
    }

    /** What is being done now; the next line replaces it on a terminal, and elsewhere it is not told at all. */
    synchronized void now(String label, String text) {
        if (!redraws) {
            return;
        }
        String shown = "   " + padded(label) + Visible.line(text);
        out.print(ERASE_LINE + Colour.FAINT.paint(colours, cut(shown)));
        out.flush();
        pending = true;
    }

    /** What was done, and how long it took. */
    synchronized void done(String label, Colour colour, String verdict, String text, Duration took) {
        String plain = "   " + padded(label) + verdict + text;
        String gap = " ".repeat(Math.max(2, TIME_COLUMN - plain.length()));
        erase();
        out.println("   " + padded(label) + colour.paint(colours, verdict) + Visible.text(text) + gap
                + Colour.FAINT.paint(colours, seconds(took)));
        out.flush();
    }

    /** What was found, said without a time. */
    void fact(String label, String text) {
        says(padded(label) + text);
    }

    /** Lines that somebody else wrote, broken where they are too long. */
    void quote(Colour colour, List<String> lines) {
        for (String line : lines) {
            String mark = "     | ";
            for (String part : wrapped(line)) {
                line(colour, mark + part);
                mark = "     |   ";
            }
        }
    }

    static List<String> wrapped(String line) {
        List<String> parts = new ArrayList<>();
        String rest = line;
        while (rest.length() > QUOTE) {
            int end = rest.lastIndexOf(' ', QUOTE);
            int cut = end > QUOTE / 2 ? end : QUOTE;
            parts.add(rest.substring(0, cut));
            rest = rest.substring(cut).strip();
        }
        parts.add(rest);
        return parts;
    }

    private void erase() {
        if (asking) {
            out.println();
            asking = false;
        }
        if (pending) {
            out.print(ERASE_LINE);
            pending = false;
        }
    }

    /** The question stays on its line, and the answer is typed behind it. */
    synchronized void ask(String question) {
        erase();
        out.print("   " + Colour.WAITING.paint(colours, question) + " ");
        out.flush();
        asking = true;
    }

    /** Whoever typed the answer ended the line. */
    synchronized void answered() {
        asking = false;
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    private static String padded(String label) {
        return label + " ".repeat(Math.max(1, LABEL - label.length()));
    }

    private static String cut(String line) {
        return line.length() <= TIME_COLUMN ? line : line.substring(0, TIME_COLUMN);
    }
}
