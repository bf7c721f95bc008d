package dev.airlock.cli.session;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.PrimitiveIterator;
import java.util.Set;

/** How much room text takes on a terminal: marks take none, characters of East Asia and pictures take two columns. */
public final class Columns {
    private static final Set<UnicodeScript> WIDE = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HANGUL,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.YI);

    private Columns() {}

    /** Columns that {@code text} takes. */
    public static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    /** As much of {@code text} as fits, with an ellipsis where something was left out. */
    public static String fit(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 1;
        PrimitiveIterator.OfInt points = text.codePoints().iterator();
        while (points.hasNext()) {
            int point = points.nextInt();
            used += of(point);
            if (used > columns) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return columns < 1 ? "" : kept.append('…').toString();
    }

    private static int of(int point) {
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(point) ? 2 : 1;
        };
    }

    private static boolean isWide(int point) {
        return point >= 0x1100
                && ((point >= 0x1f300 && point <= 0x1faff)
                        || (point >= 0x3000 && point <= 0x303e)
                        || (point >= 0xff01 && point <= 0xff60)
                        || WIDE.contains(UnicodeScript.of(point)));
    }
}
