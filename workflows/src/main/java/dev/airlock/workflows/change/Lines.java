package dev.airlock.workflows.change;

import org.jspecify.annotations.Nullable;

/** Text of others, as it may stand on the audit trail and in a view: short, and text in every language. */
public final class Lines {
    private static final int LONGEST = 300;

    private Lines() {}

    /** At most 300 characters; half a surrogate pair, which no JSON can hold, becomes U+FFFD. */
    public static @Nullable String shorten(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String line = text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
        StringBuilder sound = new StringBuilder(line.length());
        line.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                .forEach(sound::appendCodePoint);
        return sound.toString();
    }
}
