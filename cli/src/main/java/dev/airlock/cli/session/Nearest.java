package dev.airlock.cli.session;

import dev.airlock.platform.settings.Suggestions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What somebody probably meant who typed a word that does not exist. */
public final class Nearest {
    private static final int SHORTEST_START = 2;

    private Nearest() {}

    /** The one candidate that begins with it, or the one that a slip of the hand leads away from. */
    public static Optional<String> of(String typed, Collection<String> candidates) {
        if (typed.length() >= SHORTEST_START) {
            List<String> begun = candidates.stream()
                    .filter(each -> each.startsWith(typed))
                    .distinct()
                    .toList();
            if (begun.size() == 1) {
                return Optional.of(begun.getFirst());
            }
        }
        return Suggestions.nearest(typed, candidates);
    }

    /** The question back, or {@code otherwise} where nothing is near. */
    public static String question(String typed, Collection<String> candidates, String otherwise) {
        return of(typed, candidates).map(meant -> "did you mean " + meant + "?").orElse(otherwise);
    }
}
