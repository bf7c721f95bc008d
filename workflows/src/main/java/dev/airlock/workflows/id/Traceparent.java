package dev.airlock.workflows.id;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a request comes from in somebody's trace, as W3C Trace Context writes it. Pure; safe in workflow code. */
public final class Traceparent {
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private Traceparent() {}

    /** The text if it is a traceparent; else null, since a wrong one must not stop what it merely describes. */
    public static @Nullable String orNull(@Nullable String text) {
        return text != null && FORM.matcher(text).matches() ? text : null;
    }
}
