package dev.airlock.cli.session;

import java.util.stream.Collectors;

/**
 * Text from elsewhere for a terminal: what would move the cursor, change its colours or turn the reading direction is shown
 * instead of done.
 */
public final class Visible {
    private Visible() {}

    /** Keeps line ends and tabs. */
    public static String text(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> append(shown, point));
        return shown.toString();
    }

    /** As {@link #text}, in one line, without blanks around it. */
    public static String line(String text) {
        return inOneLine(text.strip());
    }

    /** As {@link #line}, but the blanks of a single line stay. */
    static String inOneLine(String text) {
        if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
            return text(text);
        }
        return text(text.stripTrailing()
                .lines()
                .filter(line -> !line.isBlank())
                .map(String::stripTrailing)
                .collect(Collectors.joining("; ")));
    }

    private static void append(StringBuilder shown, int point) {
        if (point == '\n' || point == '\t') {
            shown.appendCodePoint(point);
            return;
        }
        if (point < 0x20 || point == 0x7f) {
            shown.append('^').append((char) (point ^ 0x40));
            return;
        }
        if (isInvisible(point)) {
            shown.append("\\u{").append(Integer.toHexString(point)).append('}');
            return;
        }
        shown.appendCodePoint(point);
    }

    /** C1 controls, and whatever turns the reading direction or takes no room. */
    private static boolean isInvisible(int point) {
        return (point >= 0x80 && point < 0xa0)
                || (point >= 0x200b && point <= 0x200f)
                || (point >= 0x2028 && point <= 0x202e)
                || (point >= 0x2060 && point <= 0x206f)
                || point == 0xfeff
                || Character.getType(point) == Character.SURROGATE;
    }
}
