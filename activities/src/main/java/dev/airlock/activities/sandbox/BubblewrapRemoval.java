package dev.airlock.activities.sandbox;

import dev.airlock.platform.state.ProcessRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Ends sandboxes of bubblewrap with all that belongs to them: processes, cgroups, fifos, directory. */
final class BubblewrapRemoval {
    private static final Duration END = Duration.ofSeconds(10);

    private final BubblewrapDirectory sandboxes;

    BubblewrapRemoval(BubblewrapDirectory sandboxes) {
        this.sandboxes = sandboxes;
    }

    /** Whatever it does; well when there is none. */
    void remove(String name) throws IOException {
        Optional<BubblewrapRecord> found = sandboxes.find(name);
        if (found.isPresent()) {
            sandboxes.beginRemoval(name);
            end(found.get());
            Cgroups.remove(found.get().made().cgroups());
            sandboxes.remove(name);
        }
    }

    /** With process 1 the kernel ends every process of its namespace. */
    private void end(BubblewrapRecord sandbox) throws IOException {
        Optional<ProcessRecord> process =
                sandbox.process() == null ? unrecorded(sandbox.name()) : Optional.of(sandbox.process());
        if (process.isEmpty()) {
            return;
        }
        if (process.get().isAlive()) {
            ProcessHandle.of(process.get().pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        if (!process.get().awaitGone(END)) {
            throw SandboxUnreachable.silent(
                    "process 1 of " + sandbox.name() + " (pid " + process.get().pid() + ") does not end",
                    new IllegalStateException("still alive"));
        }
    }

    /** Who started it died before he could write it down; what has its pid now must be it by its command line. */
    private Optional<ProcessRecord> unrecorded(String name) throws IOException {
        OptionalInt pid = sandboxes.started(name);
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        boolean ours = ProcessHandle.of(pid.getAsInt())
                .flatMap(handle -> handle.info().commandLine())
                .filter(line -> line.contains(SandboxLayout.INIT_PATH + " --fds"))
                .isPresent();
        return ours ? ProcessRecord.of(name, pid.getAsInt()) : Optional.empty();
    }

    /** The command by which a person ends it; the next sweep takes what is left. */
    String command(String name) {
        try {
            return sandboxes
                    .find(name)
                    .map(BubblewrapRecord::process)
                    .map(process -> "kill -9 " + process.pid())
                    .orElse("rm -r " + sandboxes.of(name));
        } catch (IOException e) {
            return "rm -r " + sandboxes.of(name);
        }
    }
}
