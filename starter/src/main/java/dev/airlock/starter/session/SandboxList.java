package dev.airlock.starter.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of sandboxes, and the token of the next one. */
public record SandboxList(
        List<SandboxStatus> items, @Nullable String next) {
    public SandboxList {
        items = List.copyOf(items);
    }
}
