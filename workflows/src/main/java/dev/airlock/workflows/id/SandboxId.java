package dev.airlock.workflows.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Identity of an interactive sandbox, and its Temporal workflow id: {@code sandbox-} and 26 characters of base32. */
public record SandboxId(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("sandbox-[a-z2-7]{26}");

    /** @throws IllegalArgumentException if the text has another form */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SandboxId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a sandbox id: " + value);
        }
    }

    /** As containers and audit events name it, which ask who owns them and not what that is. */
    public RunId owner() {
        return new RunId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
