package dev.airlock.workflows.session;

import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an interactive sandbox can be asked for. The id is the update's too: the same one is the same call. */
public sealed interface Call {
    String id();

    Principal by();

    /**
     * A command to run.
     *
     * @param directory absolute, or from the workspace; empty is the workspace
     * @param environment names and sealed values of what it gets besides its usual environment, absent for nothing
     */
    record Exec(
            String id,
            Principal by,
            List<String> argv,
            String directory,
            Duration timeout,
            @Nullable Environment environment)
            implements Call {
        public Exec {
            argv = List.copyOf(argv);
        }
    }

    /**
     * Variables that are taken from the caller's environment.
     *
     * @param sealed their values, readable to who has the installation's secret alone
     */
    record Environment(List<String> names, String sealed) {
        /** Of the key that they are sealed with; bound to {@code SANDBOX/CALL}. */
        public static final String PURPOSE = "sandbox-environment";

        public Environment {
            names = List.copyOf(names);
        }
    }

    /**
     * Files to put into the workspace.
     *
     * @param manifest artifact that lists them
     * @param to directory in the workspace that the paths are in; empty is the workspace
     */
    record Put(String id, Principal by, Digest manifest, String to) implements Call {}

    /**
     * Files to take out of the workspace.
     *
     * @param from a file or directory in the workspace; empty is all of it
     */
    record Get(String id, Principal by, String from) implements Call {}

    /** More time. */
    record Extend(String id, Principal by) implements Call {}

    /** The end. */
    record Stop(String id, Principal by, String reason) implements Call {}

    /**
     * The end of a command, not of its sandbox.
     *
     * @param exec id of the call that asked for the command
     */
    record Kill(String id, Principal by, String exec) implements Call {}
}
