package dev.airlock.evidence.audit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whose events a chain holds: a run's ({@code run-…}), an interactive sandbox's
 * ({@code sandbox-…}), or a process's, of what has no run ({@code server-…}). It is the
 * events' {@code subject} and the key of their records.
 */
public record ChainId(@JsonValue String value) {
    private static final String SERVER = "server-";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 26;

    /** What the text of an id is, as a part of a larger pattern. */
    static final String FORM = "(?:run|sandbox|server)-[a-z2-7]{26}";

    private static final Pattern WHOLE = Pattern.compile(FORM);

    /** @throws IllegalArgumentException if the text has another form */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ChainId {
        if (!WHOLE.matcher(value).matches()) {
            throw new IllegalArgumentException("not the id of an audit chain: " + value);
        }
    }

    /** The chain of a run. */
    public static ChainId of(RunId run) {
        return new ChainId(run.value());
    }

    /** What the text names, absent if it has another form. */
    public static Optional<ChainId> parse(String text) {
        return WHOLE.matcher(text).matches() ? Optional.of(new ChainId(text)) : Optional.empty();
    }

    /** A process's chain that nobody had before. */
    static ChainId ofNewProcess() {
        SecureRandom random = new SecureRandom();
        StringBuilder id = new StringBuilder(SERVER);
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new ChainId(id.toString());
    }

    /** Whose trail it is, absent for a process's. */
    public Optional<RunId> run() {
        return value.startsWith(SERVER) ? Optional.empty() : Optional.of(new RunId(value));
    }

    /** {@code previoushash} of the first event. */
    Digest origin() {
        return Names.auditOrigin(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
