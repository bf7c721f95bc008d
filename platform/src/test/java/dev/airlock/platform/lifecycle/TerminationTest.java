package dev.airlock.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TerminationTest {
    /** Serves in another process until it is told to end. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            Termination.serve(
                    () -> {
                        if (arguments[0].equals("fail")) {
                            throw new IllegalStateException("stuck");
                        }
                        System.out.println("closed");
                    },
                    () -> {
                        System.out.println("ready");
                        if (arguments[0].equals("exit")) {
                            System.exit(7);
                        }
                    });
        }
    }

    @Test
    void anOrderlyEndIsNoFailure() throws Exception {
        Process process = start("serve");
        process.toHandle().destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(process.inputReader().readLine()).isEqualTo("closed");
    }

    @Test
    void saysWhatCouldNotBeClosed() throws Exception {
        Process process = start("fail");
        process.toHandle().destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("stuck");
    }

    @Test
    void anExitKeepsItsCode() throws Exception {
        Process process = start("exit");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(7);
        assertThat(process.inputReader().readLine()).isEqualTo("closed");
    }

    private static Process start(String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName());
        builder.command().addAll(List.of(arguments));
        Process process = builder.start();
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }
}
