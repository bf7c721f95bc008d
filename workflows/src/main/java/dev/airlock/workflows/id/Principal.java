package dev.airlock.workflows.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Who acts: {@code user:NAME}, {@code agent:NAME} or {@code service:NAME}. */
public record Principal(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("(user|agent|service):[\\p{L}\\p{N}._@+-]{1,128}");

    /** @throws IllegalArgumentException if the text has another form */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Principal {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "not a principal: " + value + " (write user:NAME, agent:NAME or service:NAME)");
        }
    }

    /** Whether this is a person; only persons approve. */
    @JsonIgnore
    public boolean isPerson() {
        return value.startsWith("user:");
    }

    @Override
    public String toString() {
        return value;
    }
}
