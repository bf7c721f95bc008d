package dev.airlock.cli.session;

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

    /** As {@link #text}, in one line. */
    public static String line(String text) {
        return text(text.strip().replace("\r\n", "; ").replace("\n", "; "));
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
