package dev.airlock.activities.validate;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.airlock.activities.validate.SecretRule.Allowlist;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The search for secrets in one block of text. */
final class BlockSearch {
    /** How far around a keyword a rule looks at first; what reaches the border makes it look farther. */
    private static final int BEFORE = 128;

    private static final int AFTER = 1024;

    /** The same for rules whose text between keyword and secret may be of any length. */
    private static final int FAR_BEFORE = 1024;

    private static final int FAR_AFTER = 32 << 10;
    private static final int WIDENINGS = 5;
    private static final int LINE = 4096;

    private final String path;
    private final TextBlocks.Block block;
    private final Allowlist general;
    private final SecretScanner.Work work;
    private final Lines lines;
    private final List<Leak> found = new ArrayList<>();

    /** A secret; {@code start} and {@code end} are its place in the block. */
    record Leak(SecretRule rule, int line, String secret, int start, int end) {}

    BlockSearch(String path, TextBlocks.Block block, Allowlist general, SecretScanner.Work work) {
        this.path = path;
        this.block = block;
        this.general = general;
        this.work = work;
        this.lines = new Lines(block);
    }

    String text() {
        return block.text();
    }

    /** Adds what a rule has to look at because of a keyword that ends there. */
    void around(SecretRule rule, int end, Spans spans) {
        int before = rule.farReaching() ? FAR_BEFORE : BEFORE;
        int after = rule.farReaching() ? FAR_AFTER : AFTER;
        spans.add(Math.max(0, end - before), Math.min(block.text().length(), end + after));
    }

    /** Says false when the work became too much. */
    boolean run(SecretRule rule, Spans spans) {
        int done = 0;
        for (int i = 0; i < spans.size(); i++) {
            int from = spans.from(i);
            int to = spans.to(i);
            List<Leak> leaks = new ArrayList<>();
            for (int widening = 0; ; widening++) {
                if (!work.spend(to - from)) {
                    return false;
                }
                Border touched = look(rule, from, to, leaks);
                if (touched == Border.NONE || widening == WIDENINGS) {
                    break;
                }
                leaks.clear();
                int more = AFTER << widening;
                from = touched == Border.START ? Math.max(0, from - more) : from;
                to = touched == Border.END ? Math.min(block.text().length(), to + more) : to;
            }
            for (Leak leak : leaks) {
                if (leak.start() >= done) {
                    found.add(leak);
                    done = leak.end();
                }
            }
        }
        return true;
    }

    /** What was found, without what a generic rule says about a place of which another rule knows more. */
    List<Leak> leaks() {
        NavigableMap<Integer, Integer> known = new TreeMap<>();
        for (Leak leak : found) {
            if (!leak.rule().generic()) {
                known.merge(leak.start(), leak.end(), Math::max);
            }
        }
        return found.stream()
                .filter(each -> !each.rule().generic() || !overlaps(each, known))
                .toList();
    }

    private static boolean overlaps(Leak leak, NavigableMap<Integer, Integer> known) {
        Map.Entry<Integer, Integer> before = known.lowerEntry(leak.end());
        return before != null && before.getValue() > leak.start();
    }

    private enum Border {
        NONE,
        START,
        END
    }

    /** Says whether a match reached a border of the stretch that is none of the text: there it may be another one. */
    private Border look(SecretRule rule, int from, int to, List<Leak> into) {
        Pattern regex = rule.regex();
        if (regex == null) {
            return Border.NONE;
        }
        String stretch = block.text().substring(from, to);
        Matcher matcher = regex.matcher(stretch);
        while (matcher.find()) {
            if (matcher.start() == 0 && from > 0) {
                return Border.START;
            }
            if (matcher.end() == stretch.length() && to < block.text().length()) {
                return Border.END;
            }
            if (from + matcher.start() < block.owned()) {
                judge(rule, matcher, from, into);
            }
        }
        return Border.NONE;
    }

    private void judge(SecretRule rule, Matcher matcher, int from, List<Leak> into) {
        int group = secretGroup(rule, matcher);
        String secret = matcher.group(group);
        if (rule.entropy() > 0 && entropy(secret) <= rule.entropy()) {
            return;
        }
        String match = matcher.group();
        String line = lines.around(from + matcher.start(), from + matcher.end(), LINE);
        boolean allowed = general.allows(path, secret, match, line)
                || rule.allowlists().stream().anyMatch(each -> each.allows(path, secret, match, line));
        if (!allowed) {
            int start = from + matcher.start(group);
            into.add(new Leak(rule, lines.number(start), secret, start, from + matcher.end(group)));
        }
    }

    private static int secretGroup(SecretRule rule, Matcher matcher) {
        if (rule.secretGroup() > 0) {
            return matcher.group(rule.secretGroup()) == null ? 0 : rule.secretGroup();
        }
        for (int group = 1; group <= matcher.groupCount(); group++) {
            String text = matcher.group(group);
            if (text != null && !text.isEmpty()) {
                return group;
            }
        }
        return 0;
    }

    /** Shannon's, in bits per character. */
    private static double entropy(String text) {
        int[] counts = new int[256];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i) & 0xff]++;
        }
        double entropy = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / text.length();
                entropy -= share * Math.log(share) / Math.log(2);
            }
        }
        return entropy;
    }
}
