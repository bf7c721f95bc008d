package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerLockIT {
    private static final String MACHINE = "docker-AB:CD";

    @TempDir
    Path directory;

    /** Another process that holds the lock until it is ended. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (WorkerLock lock = WorkerLock.acquire(Path.of(arguments[0]), MACHINE, false)) {
                Files.createFile(Path.of(arguments[0], "held"));
                assertThat(lock).isNotNull();
                Thread.sleep(60_000);
            }
        }
    }

    private Process holder() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .inheritIO()
                .start();
        for (int tries = 0; tries < 300 && !Files.exists(directory.resolve("held")); tries++) {
            Thread.sleep(50);
        }
        assertThat(directory.resolve("held")).exists();
        return process;
    }

    @Test
    void refusesWhileAnotherWorkerLivesAndNamesIt() throws Exception {
        Process other = holder();
        try {
            assertThatThrownBy(() -> WorkerLock.acquire(directory, MACHINE, false))
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining("(pid " + other.pid() + ")")
                    .hasMessageContaining("airlock worker --take-over");
            try (WorkerLock elsewhere = WorkerLock.acquire(directory, "docker-other", false)) {
                assertThat(elsewhere).isNotNull();
            }
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        try (WorkerLock next = WorkerLock.acquire(directory, MACHINE, false)) {
            assertThat(next).as("a killed holder holds nothing").isNotNull();
        }
    }

    @Test
    void takesOverByEndingAWorkerEvenIfItIsStopped() throws Exception {
        Process other = holder();
        new ProcessBuilder("kill", "-STOP", Long.toString(other.pid())).start().waitFor();
        try (WorkerLock lock = WorkerLock.acquire(directory, MACHINE, true)) {
            assertThat(lock).isNotNull();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void isHeldOnceInOneProcessToo() throws IOException {
        try (WorkerLock lock = WorkerLock.acquire(directory, MACHINE, false)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> WorkerLock.acquire(directory, MACHINE, true))
                    .isInstanceOf(SandboxException.class);
        }
        try (WorkerLock again = WorkerLock.acquire(directory, MACHINE, false)) {
            assertThat(again).isNotNull();
        }
    }
}
