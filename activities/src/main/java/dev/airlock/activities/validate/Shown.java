package dev.airlock.activities.validate;

/** Text out of a candidate, made safe for one line of a message: bounded, and nothing in it that does not show. */
final class Shown {
    private static final int MOST = 200;

    private Shown() {}

    static String text(String hostile) {
        StringBuilder shown = new StringBuilder();
        hostile.codePoints().limit(MOST).forEach(each -> append(shown, each));
        return hostile.codePointCount(0, hostile.length()) > MOST ? shown + "…" : shown.toString();
    }

    private static void append(StringBuilder shown, int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> shown.append("\\u{%x}".formatted(codePoint));
            default -> shown.appendCodePoint(codePoint);
        }
    }
}
