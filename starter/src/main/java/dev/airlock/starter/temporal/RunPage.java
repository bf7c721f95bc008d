package dev.airlock.starter.temporal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of runs.
 *
 * @param next token of the page after this one, absent on the last
 */
public record RunPage(List<RunInfo> items, @Nullable String next) {
    public RunPage {
        items = List.copyOf(items);
    }
}
