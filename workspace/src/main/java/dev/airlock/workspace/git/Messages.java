package dev.airlock.workspace.git;

/** Commit messages made of words from outside. */
final class Messages {
    private static final int MOST = 200;

    private Messages() {}

    /**
     * One line: no control or invisible formatting character, no run of blanks, bounded. A subject is never read as a
     * trailer, so whatever it says cannot claim a run.
     */
    static String subject(String description, String otherwise) {
        String line = description
                .replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Zs}]+", " ")
                .replaceAll("[\\p{Cf}\\p{Cs}]", "")
                .strip();
        if (line.isEmpty()) {
            return otherwise;
        }
        int length = line.codePointCount(0, line.length());
        return length <= MOST ? line : line.substring(0, line.offsetByCodePoints(0, MOST - 1)) + "…";
    }
}
