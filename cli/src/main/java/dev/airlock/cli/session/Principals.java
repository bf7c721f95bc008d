package dev.airlock.cli.session;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.Principal;
import org.jspecify.annotations.Nullable;

/** Who acts. */
final class Principals {
    private static final int LONGEST_NAME = 128;

    private Principals() {}

    /**
     * @param asserted what {@code --as} says
     * @param user the variable {@code USER}, empty when it is not set
     * @param login the operating system's name for the user
     */
    static Principal of(@Nullable String asserted, String user, @Nullable String login) {
        if (asserted == null) {
            return new Principal("user:" + sanitised(user.isBlank() ? login : user));
        }
        try {
            return new Principal(asserted);
        } catch (IllegalArgumentException e) {
            throw new AirlockException(
                            ErrorCode.USAGE,
                            "not a principal: " + asserted,
                            asserted,
                            "write user:NAME, agent:NAME or service:NAME")
                    .causedBy(e);
        }
    }

    private static String sanitised(@Nullable String name) {
        String safe = (name == null ? "" : name).replaceAll("[^\\p{L}\\p{N}._@+-]", "-");
        String bounded = safe.length() > LONGEST_NAME ? safe.substring(0, LONGEST_NAME) : safe;
        return bounded.isEmpty() ? "unknown" : bounded;
    }
}
