package dev.airlock.activities.sandbox;

import java.util.Set;

/**
 * Which sandboxes a run may still want.
 *
 * @param whole it may want any of its sandboxes; {@code names} says nothing then
 * @param names the ones that it uses
 * @param reason why it wants no other, for people
 */
public record SandboxClaim(boolean whole, Set<String> names, String reason) {
    public SandboxClaim {
        names = Set.copyOf(names);
    }

    /** All that are its own. */
    public static SandboxClaim all(String reason) {
        return new SandboxClaim(true, Set.of(), reason);
    }

    /** Those alone. */
    public static SandboxClaim only(Set<String> names, String reason) {
        return new SandboxClaim(false, names, reason);
    }

    /** Whether the sandbox of that name is among them. */
    boolean covers(String name) {
        return whole || names.contains(name);
    }
}
