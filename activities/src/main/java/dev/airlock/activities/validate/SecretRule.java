package dev.airlock.activities.validate;

import com.google.re2j.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule of gitleaks' rule set, with gitleaks' meaning.
 *
 * @param regex absent in a rule about names of files only
 * @param path what a file must be called for the rule to apply; absent means anything
 * @param entropy what the secret's entropy must exceed, in bits per character; 0 means any
 * @param secretGroup group of the regex that is the secret; 0 means the first that is not empty, or all
 * @param keywords in lower case; without one of them the regex cannot match
 */
record SecretRule(
        String id,
        String description,
        @Nullable Pattern regex,
        @Nullable Pattern path,
        double entropy,
        int secretGroup,
        List<String> keywords,
        List<Allowlist> allowlists) {
    SecretRule {
        keywords = List.copyOf(keywords);
        allowlists = List.copyOf(allowlists);
    }

    /** Whether it knows secrets by their surroundings and randomness only, not by a form of their own. */
    boolean generic() {
        return id.startsWith("generic");
    }

    /** Whether keyword and secret may be any distance apart. */
    boolean farReaching() {
        String text = regex == null ? "" : regex.pattern();
        return text.contains("[\\s\\S") || text.contains("(?s:") || text.contains(".*");
    }

    boolean appliesTo(String file) {
        return (path == null || path.matcher(file).find())
                && allowlists.stream().noneMatch(each -> each.allowsFile(file));
    }

    /** What a rule's own words exempt. */
    record Allowlist(boolean all, List<Pattern> paths, Target target, List<Pattern> regexes, List<String> stopwords) {

        /** What {@code regexes} look at. */
        enum Target {
            SECRET,
            MATCH,
            LINE
        }

        Allowlist {
            paths = List.copyOf(paths);
            regexes = List.copyOf(regexes);
            stopwords = List.copyOf(stopwords);
        }

        boolean allowsFile(String file) {
            return pathMatches(file) && (!all || (regexes.isEmpty() && stopwords.isEmpty()));
        }

        boolean allows(String file, String secret, String match, String line) {
            String looked = switch (target) {
                case SECRET -> secret;
                case MATCH -> match;
                case LINE -> line;
            };
            boolean byRegex =
                    regexes.stream().anyMatch(each -> each.matcher(looked).find());
            boolean byWord = !stopwords.isEmpty() && hasStopword(secret);
            if (!all) {
                return byRegex || byWord;
            }
            return (paths.isEmpty() || pathMatches(file))
                    && (regexes.isEmpty() || byRegex)
                    && (stopwords.isEmpty() || byWord);
        }

        private boolean pathMatches(String file) {
            return paths.stream().anyMatch(each -> each.matcher(file).find());
        }

        private boolean hasStopword(String secret) {
            String lower = Ascii.lower(secret);
            return stopwords.stream().anyMatch(lower::contains);
        }
    }
}
