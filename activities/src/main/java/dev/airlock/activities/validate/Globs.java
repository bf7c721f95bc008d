package dev.airlock.activities.validate;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/**
 * Patterns over paths in a tree: {@code **} crosses directories, {@code *} and {@code ?} do not, everything else stands for
 * itself. {@code a/**} matches {@code a} too, so that no file can take the place of a guarded directory. Matching takes time
 * linear in the path, whatever the pattern.
 */
final class Globs {
    /** With upper case like lower case, since a checkout may land on a file system that knows no difference. */
    static final int FOLDING = Pattern.CASE_INSENSITIVE;

    private final List<Glob> globs;

    private record Glob(String text, Pattern pattern) {}

    Globs(List<String> globs, int flags) {
        this.globs = globs.stream()
                .map(each -> new Glob(each, Pattern.compile(regex(each), flags | Pattern.DOTALL)))
                .toList();
    }

    /** The first pattern that matches the whole path. */
    Optional<String> matching(String path) {
        return globs.stream()
                .filter(each -> each.pattern().matches(path))
                .map(Glob::text)
                .findFirst();
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        int at = 0;
        while (at < glob.length()) {
            if (glob.startsWith("/**", at) && at + 3 == glob.length()) {
                regex.append("(?:/.*)?");
                at += 3;
            } else if (glob.startsWith("**/", at) && (at == 0 || glob.charAt(at - 1) == '/')) {
                regex.append("(?:.*/)?");
                at += 3;
            } else if (glob.startsWith("**", at)) {
                regex.append(".*");
                at += 2;
            } else if (glob.charAt(at) == '*') {
                regex.append("[^/]*");
                at++;
            } else if (glob.charAt(at) == '?') {
                regex.append("[^/]");
                at++;
            } else {
                int end = glob.offsetByCodePoints(at, 1);
                regex.append(Pattern.quote(glob.substring(at, end)));
                at = end;
            }
        }
        return regex.toString();
    }
}
