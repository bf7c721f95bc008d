package dev.airlock.cli.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list, as programs get it.
 *
 * @param next token of the next page, absent on the last
 */
public record Items<T>(List<T> items, @Nullable String next) {
    public Items {
        items = List.copyOf(items);
    }
}
