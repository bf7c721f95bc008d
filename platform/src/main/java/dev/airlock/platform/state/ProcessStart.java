package dev.airlock.platform.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** When a process started, as text that is only ever compared. */
final class ProcessStart {
    private static final Path PROC = Path.of("/proc");

    private ProcessStart() {}

    /** Empty if no such process runs; a zombie counts as gone once its last thread has ended. */
    static Optional<String> of(long pid) {
        if (Files.isDirectory(PROC.resolve("self"))) {
            return linux(pid);
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle ->
                        handle.info().startInstant().map(Object::toString).orElse("unknown"));
    }

    private static Optional<String> linux(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return parse(stat).map(ticks -> bootId() + "/" + ticks);
        } catch (IOException e) {
            // The file vanishes with the process, between any two of our calls.
            return Optional.empty();
        }
    }

    /** Start time in ticks since boot from the content of {@code /proc/PID/stat}; empty for the dead. */
    static Optional<String> parse(String stat) {
        // The second field is the command in parentheses and may itself hold spaces and parentheses.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length < 20) {
            return Optional.empty();
        }
        String state = fields[0];
        // A first thread that has ended shows as Z while others of its process still hold the files and the locks.
        boolean lastThread = fields[17].equals("0") || fields[17].equals("1");
        if (state.equals("X") || (state.equals("Z") && lastThread)) {
            return Optional.empty();
        }
        return Optional.of(fields[19]);
    }

    private static String bootId() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "boot";
        }
    }
}
