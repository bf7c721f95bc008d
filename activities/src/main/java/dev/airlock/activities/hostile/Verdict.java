package dev.airlock.activities.hostile;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What came of a case. */
public enum Verdict {
    CONTAINED,
    BREACHED,
    /** Breached, as this engine is known to let it; the reason is listed. */
    EXCEPTION,
    /** It cannot be tried here. */
    UNSUPPORTED,
    /** The engine failed, so nothing is known. */
    UNKNOWN;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
