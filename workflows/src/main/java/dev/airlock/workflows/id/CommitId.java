package dev.airlock.workflows.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Full git object id of a commit. */
public record CommitId(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /** @throws IllegalArgumentException if the text has another form */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CommitId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a commit id: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
