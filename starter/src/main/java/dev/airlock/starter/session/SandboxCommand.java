package dev.airlock.starter.session;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A command for a sandbox.
 *
 * @param id the same one is the same command: asked again it is not run again, and answered as before
 * @param argv executed as it is; its program is found by {@code PATH}
 * @param directory absolute, or from the workspace; empty is the workspace
 * @param timeout after it the command is killed
 * @param environment beside the usual one. The values travel sealed: only workers of the installation can read them, no history
 *     and no log
 */
public record SandboxCommand(
        String id, List<String> argv, String directory, Duration timeout, SortedMap<String, String> environment) {
    /** As for a pipeline's commands. */
    public static final Duration USUAL = Duration.ofMinutes(10);

    public SandboxCommand {
        argv = List.copyOf(argv);
        environment = new TreeMap<>(environment);
    }

    /** A command in the workspace, of at most ten minutes. */
    public static SandboxCommand of(String... argv) {
        return new SandboxCommand(UUID.randomUUID().toString(), List.of(argv), "", USUAL, new TreeMap<>());
    }

    /** The same by another id. */
    public SandboxCommand called(String other) {
        return new SandboxCommand(other, argv, directory, timeout, environment);
    }

    /** The same in another directory. */
    public SandboxCommand at(String other) {
        return new SandboxCommand(id, argv, other, timeout, environment);
    }

    /** The same within another time. */
    public SandboxCommand within(Duration other) {
        return new SandboxCommand(id, argv, directory, other, environment);
    }

    /** The same with variables. */
    public SandboxCommand with(Map<String, String> variables) {
        return new SandboxCommand(id, argv, directory, timeout, new TreeMap<>(variables));
    }
}
