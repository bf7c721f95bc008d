package dev.airlock.workspace.git;

/** Text from outside, made safe for one line of a message. */
final class Shown {
    private static final int MOST = 200;

    private Shown() {}

    static String text(String text) {
        String visible = text.codePoints()
                .limit(MOST)
                .collect(StringBuilder::new, Shown::append, StringBuilder::append)
                .toString();
        return "\"" + visible + (text.codePointCount(0, text.length()) > MOST ? "…" : "") + "\"";
    }

    private static void append(StringBuilder into, int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR) {
            into.append(String.format("\\u%04x", codePoint));
            return;
        }
        into.appendCodePoint(codePoint);
    }
}
