package dev.airlock.activities.validate;

import dev.airlock.workflows.validate.Finding;
import dev.airlock.workflows.validate.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects findings in a fixed order, whatever order they come in: what blocks first, then by path, line, rule, message.
 * Holds the first {@value #MOST} of that order and counts the rest, so that hostile content cannot fill memory.
 */
final class Findings {
    static final int MOST = 1000;

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::severity)
            .thenComparing(Finding::path, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Finding::line, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Finding::rule)
            .thenComparing(Finding::message);

    private final TreeMap<Finding, Integer> kept = new TreeMap<>(ORDER);
    private int keptCount;
    private int blocking;
    private int warnings;

    void block(String rule, @Nullable String path, @Nullable Integer line, String message) {
        add(new Finding(rule, Severity.BLOCK, path, line, message));
    }

    void warn(String rule, @Nullable String path, @Nullable Integer line, String message) {
        add(new Finding(rule, Severity.WARN, path, line, message));
    }

    private void add(Finding finding) {
        switch (finding.severity()) {
            case BLOCK -> blocking++;
            case WARN -> warnings++;
        }
        kept.merge(finding, 1, Integer::sum);
        keptCount++;
        if (keptCount > MOST) {
            kept.computeIfPresent(kept.lastKey(), (last, times) -> times == 1 ? null : times - 1);
            keptCount--;
        }
    }

    /** How many stop the change, kept or not. */
    int blocking() {
        return blocking;
    }

    int warnings() {
        return warnings;
    }

    /** At most {@value #MOST}, and one more at the end that counts the others if there are any. */
    List<Finding> list() {
        List<Finding> all = new ArrayList<>(keptCount + 1);
        kept.forEach((finding, times) -> {
            for (int i = 0; i < times; i++) {
                all.add(finding);
            }
        });
        int more = blocking + warnings - keptCount;
        if (more > 0) {
            long keptBlocking = all.stream()
                    .filter(each -> each.severity() == Severity.BLOCK)
                    .count();
            long moreBlocking = blocking - keptBlocking;
            all.add(new Finding(
                    "validate/more",
                    moreBlocking > 0 ? Severity.BLOCK : Severity.WARN,
                    null,
                    null,
                    String.format(
                            Locale.ROOT,
                            "%,d more findings are not listed, %,d of them blocking; mend those above first",
                            more,
                            moreBlocking)));
        }
        return all;
    }
}
