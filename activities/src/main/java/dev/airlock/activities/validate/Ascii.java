package dev.airlock.activities.validate;

/** ASCII letters, in any locale; positions in a text stay what they are. */
final class Ascii {
    private Ascii() {}

    static char lower(char letter) {
        return letter >= 'A' && letter <= 'Z' ? (char) (letter + 32) : letter;
    }

    static String lower(String text) {
        char[] letters = text.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            letters[i] = lower(letters[i]);
        }
        return new String(letters);
    }

    /** The text with a question mark for each character that is no visible ASCII. */
    static String visible(String text) {
        char[] letters = text.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            letters[i] = letters[i] > ' ' && letters[i] < 127 ? letters[i] : '?';
        }
        return new String(letters);
    }
}
