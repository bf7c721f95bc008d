package dev.airlock.activities.sandbox;

import java.util.SortedMap;
import java.util.TreeMap;

/** The environment that every command has (CONTRACT §10). */
public final class CommandEnvironment {
    private CommandEnvironment() {}

    /** A new map, to be added to. */
    public static SortedMap<String, String> everywhere() {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOME", SandboxLayout.TEMPORARY);
        environment.put("TMPDIR", SandboxLayout.TEMPORARY);
        environment.put("LANG", "C.UTF-8");
        environment.put("AIRLOCK_INPUT", SandboxLayout.INPUT);
        return environment;
    }
}
