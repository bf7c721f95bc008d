package dev.airlock.starter.cloudevent;

/** A stranger's words, made fit for one line of a message. */
public final class Shown {
    private static final int MOST = 120;

    private Shown() {}

    public static String text(String text) {
        StringBuilder visible = new StringBuilder("\"");
        text.codePoints().limit(MOST).forEach(c -> append(visible, c));
        return visible.append(text.codePointCount(0, text.length()) > MOST ? "…\"" : "\"")
                .toString();
    }

    private static void append(StringBuilder into, int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> into.append(String.format("\\u%04x", codePoint));
            default -> into.appendCodePoint(codePoint);
        }
    }
}
