package dev.airlock.workflows.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Identity of a run, and its Temporal workflow id: {@code run-} and 26 characters of base32. What owns containers and has an
 * audit trail without being a run, an interactive sandbox, goes by its {@link SandboxId} here.
 */
public record RunId(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("(run|sandbox)-[a-z2-7]{26}");

    /** @throws IllegalArgumentException if the text has another form */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RunId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a run id: " + value);
        }
    }

    /** Whether this is an interactive sandbox rather than a run. */
    public boolean isSandbox() {
        return value.startsWith("sandbox-");
    }

    @Override
    public String toString() {
        return value;
    }
}
