package dev.airlock.activities.validate;

import dev.airlock.activities.validate.BlockSearch.Leak;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds secrets in one file's content. Keywords first, in one pass, then each rule around its own keywords only: running every
 * rule over everything takes some forty times as long. The work is bounded by the content's size, so that a text made of
 * keywords cannot hold a worker up; the bound counts characters, not time, so that the answer is always the same. Immutable.
 */
final class SecretScanner {
    /** How many characters all rules together may look at, for each character of content. */
    private static final long WORK = 10;

    private static final long WORK_AT_LEAST = 256 << 10;

    private final SecretRules rules;
    private final List<String> keywords;
    private final int[][] rulesOfKeyword;
    private final KeywordIndex index;

    /**
     * How a scan went.
     *
     * @param whole whether all of the content was looked at
     * @param binary whether it holds zero bytes
     */
    record Outcome(boolean whole, boolean binary) {}

    /** Told of every secret. */
    @FunctionalInterface
    interface Listener {
        /** @param binary whether a zero byte came before it or soon after */
        void found(Leak leak, boolean binary) throws IOException;
    }

    /** How many characters the rules may still look at. */
    static final class Work {
        private long left = WORK_AT_LEAST;

        void grant(long characters) {
            left += WORK * characters;
        }

        boolean spend(long characters) {
            left -= characters;
            return left >= 0;
        }
    }

    SecretScanner(SecretRules rules) {
        this.rules = rules;
        SortedSet<String> all = new TreeSet<>();
        rules.rules().forEach(each -> all.addAll(each.keywords()));
        keywords = List.copyOf(all);
        index = new KeywordIndex(keywords);
        rulesOfKeyword = keywords.stream().map(this::having).toArray(int[][]::new);
    }

    /** @param leaks told of every secret, in no particular order */
    Outcome scan(String path, InputStream content, Listener leaks) throws IOException {
        boolean[] applies = new boolean[rules.rules().size()];
        for (int i = 0; i < applies.length; i++) {
            applies[i] = rules.rules().get(i).appliesTo(path);
        }
        Work work = new Work();
        TextBlocks blocks = new TextBlocks(content);
        while (blocks.hasNext()) {
            TextBlocks.Block block = blocks.next();
            work.grant(block.owned());
            BlockSearch search = new BlockSearch(path, block, rules.general(), work);
            boolean whole = search(search, applies);
            for (Leak leak : search.leaks()) {
                leaks.found(leak, blocks.zeros());
            }
            if (!whole) {
                return new Outcome(false, blocks.zeros());
            }
        }
        return new Outcome(true, blocks.zeros());
    }

    /** Rules that are about a file's name alone. */
    List<SecretRule> forbiddenNames(String path) {
        return rules.rules().stream()
                .filter(each -> each.regex() == null && each.appliesTo(path))
                .toList();
    }

    /** Whether gitleaks leaves files of that name out: pictures, lock files, vendored code. */
    boolean usuallyClean(String path) {
        return rules.general().allowsFile(path);
    }

    /** Says false when the work became too much. */
    private boolean search(BlockSearch search, boolean[] applies) {
        List<Spans> spans = rules.rules().stream().map(each -> new Spans()).toList();
        index.scan(search.text(), (keyword, end) -> {
            for (int rule : rulesOfKeyword[keyword]) {
                if (applies[rule]) {
                    search.around(rules.rules().get(rule), end, spans.get(rule));
                }
            }
        });
        for (int rule = 0; rule < spans.size(); rule++) {
            if (!search.run(rules.rules().get(rule), spans.get(rule))) {
                return false;
            }
        }
        return true;
    }

    private int[] having(String keyword) {
        List<Integer> having = new ArrayList<>();
        for (int i = 0; i < rules.rules().size(); i++) {
            SecretRule rule = rules.rules().get(i);
            if (rule.regex() != null && rule.keywords().contains(keyword)) {
                having.add(i);
            }
        }
        return having.stream().mapToInt(Integer::intValue).toArray();
    }
}
