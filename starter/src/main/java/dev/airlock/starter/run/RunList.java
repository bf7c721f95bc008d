package dev.airlock.starter.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of runs, newest first. Open runs are on earlier pages than ended ones.
 *
 * @param next token of the page after this one, absent on the last
 */
public record RunList(List<RunSummary> items, @Nullable String next) {
    public RunList {
        items = List.copyOf(items);
    }
}
