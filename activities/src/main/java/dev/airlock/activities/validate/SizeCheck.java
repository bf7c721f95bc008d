package dev.airlock.activities.validate;

import dev.airlock.workflows.pipeline.StepUse;
import java.util.List;
import java.util.Locale;

/** How large the changed files may be, each and together, as they are after the change. */
final class SizeCheck implements Check {

    @Override
    public void look(List<Change> changes, StepUse.Validate wanted, Findings findings, Runnable pulse) {
        long total = 0;
        for (Change change : changes) {
            pulse.run();
            total += change.size();
            if (change.size() > wanted.sizes().file()) {
                findings.block(
                        "size/file",
                        change.path(),
                        null,
                        String.format(
                                Locale.ROOT,
                                "has %,d bytes, one changed file may have %,d",
                                change.size(),
                                wanted.sizes().file()));
            }
        }
        if (total > wanted.sizes().total()) {
            findings.block(
                    "size/total",
                    null,
                    null,
                    String.format(
                            Locale.ROOT,
                            "the changed files have %,d bytes together, allowed are %,d",
                            total,
                            wanted.sizes().total()));
        }
    }
}
