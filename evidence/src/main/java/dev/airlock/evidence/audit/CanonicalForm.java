package dev.airlock.evidence.audit;

/**
 * Whether bytes are surely one JSON object in canonical form (RFC 8785), told in one pass and without making anything of them.
 * Strict where it is not sure: names of members that are not plain ASCII, numbers that are not whole, and what is nested
 * deeply are left to who knows canonical JSON as a whole.
 */
final class CanonicalForm {
    private static final int DEEPEST = 100;
    private static final long LARGEST = (1L << 53) - 1;
    private static final int MOST_DIGITS = 16;

    private final byte[] json;
    private final Members members;
    private int at;

    /** Meets the members of the object itself, not of those inside. */
    @FunctionalInterface
    interface Members {
        /**
         * @param name where its name begins, after the quotation mark
         * @param nameEnd where that ends
         * @param value where its value begins
         * @param valueEnd where that ends
         * @return whether to go on
         */
        boolean met(int name, int nameEnd, int value, int valueEnd);
    }

    private CanonicalForm(byte[] json, Members members) {
        this.json = json;
        this.members = members;
    }

    static boolean holds(byte[] json, Members members) {
        CanonicalForm form = new CanonicalForm(json, members);
        return form.next() == '{' && form.object(0) && form.at == json.length;
    }

    /** The byte here, which is passed; -1 at the end. */
    private int next() {
        return at < json.length ? json[at++] & 0xff : -1;
    }

    private boolean value(int depth) {
        if (depth >= DEEPEST) {
            return false;
        }
        int first = next();
        return switch (first) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("rue");
            case 'f' -> literal("alse");
            case 'n' -> literal("ull");
            case '-' -> number(next(), true);
            default -> number(first, false);
        };
    }

    private boolean object(int depth) {
        if (at < json.length && json[at] == '}') {
            at++;
            return true;
        }
        int before = 0;
        int beforeEnd = -1;
        while (next() == '"') {
            int name = at;
            if (!plainName()) {
                return false;
            }
            int nameEnd = at - 1;
            if ((beforeEnd >= 0 && !isAfter(before, beforeEnd, name, nameEnd)) || next() != ':') {
                return false;
            }
            int value = at;
            if (!value(depth + 1) || (depth == 0 && !members.met(name, nameEnd, value, at))) {
                return false;
            }
            before = name;
            beforeEnd = nameEnd;
            int end = next();
            if (end != ',') {
                return end == '}';
            }
        }
        return false;
    }

    private boolean array(int depth) {
        if (at < json.length && json[at] == ']') {
            at++;
            return true;
        }
        while (value(depth + 1)) {
            int end = next();
            if (end != ',') {
                return end == ']';
            }
        }
        return false;
    }

    /** Of such names the order of bytes is the canonical one, which goes by UTF-16 code units. */
    private boolean plainName() {
        for (int c = next(); c != '"'; c = next()) {
            if (c < 0x20 || c >= 0x80 || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private boolean isAfter(int before, int beforeEnd, int name, int nameEnd) {
        int common = Math.min(beforeEnd - before, nameEnd - name);
        for (int i = 0; i < common; i++) {
            if (json[before + i] != json[name + i]) {
                return json[before + i] < json[name + i];
            }
        }
        return beforeEnd - before < nameEnd - name;
    }

    private boolean string() {
        for (int c = next(); c != '"'; c = next()) {
            boolean good = c >= 0x80 ? utf8(c) : c == '\\' ? escape() : c >= 0x20;
            if (!good) {
                return false;
            }
        }
        return true;
    }

    /** Only what must be escaped is, and in the shortest way. */
    private boolean escape() {
        return switch (next()) {
            case '"', '\\', 'b', 'f', 'n', 'r', 't' -> true;
            case 'u' -> literal("00") && control(next(), next());
            default -> false;
        };
    }

    private static boolean control(int high, int low) {
        if (high != '0' && high != '1') {
            return false;
        }
        boolean hex = (low >= '0' && low <= '9') || (low >= 'a' && low <= 'f');
        boolean hasShort = high == '0' && (low == '8' || low == '9' || low == 'a' || low == 'c' || low == 'd');
        return hex && !hasShort;
    }

    /** The rest of a character of several bytes: the shortest way to write it, no half of a surrogate pair. */
    private boolean utf8(int first) {
        if (first >= 0xc2 && first <= 0xdf) {
            return continued(0x80, 0xbf);
        }
        if (first >= 0xe0 && first <= 0xef) {
            return continued(first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && continued(0x80, 0xbf);
        }
        return first >= 0xf0
                && first <= 0xf4
                && continued(first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf)
                && continued(0x80, 0xbf)
                && continued(0x80, 0xbf);
    }

    private boolean continued(int least, int most) {
        int c = next();
        return c >= least && c <= most;
    }

    private boolean literal(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if (next() != rest.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whole, without a zero before it, and one that every double holds. */
    private boolean number(int first, boolean negative) {
        if (first == '0') {
            return !negative && !isDigit();
        }
        if (first < '1' || first > '9') {
            return false;
        }
        long number = Character.digit(first, 10);
        for (int digits = 1; isDigit(); digits++) {
            if (digits == MOST_DIGITS) {
                return false;
            }
            number = number * 10 + (json[at++] - '0');
        }
        return number <= LARGEST;
    }

    private boolean isDigit() {
        return at < json.length && json[at] >= '0' && json[at] <= '9';
    }
}
