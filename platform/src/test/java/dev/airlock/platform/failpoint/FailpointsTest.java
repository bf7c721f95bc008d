package dev.airlock.platform.failpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class FailpointsTest {
    /** What the tests below start in another process. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
            Failpoints.hit("here");
            System.out.println("passed");
        }
    }

    @Test
    void readsNamesBetweenCommas() {
        assertThat(Failpoints.parse(" a, b,,c ")).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(Failpoints.parse(null)).isEmpty();
        assertThat(Failpoints.parse("")).isEmpty();
    }

    @Test
    void diesAtTheArmedPlaceWithoutRunningHooks() throws Exception {
        Process armed = run("elsewhere,here");

        assertThat(armed.waitFor()).isEqualTo(137);
        assertThat(armed.getInputStream().readAllBytes()).isEmpty();
    }

    @Test
    void standsStillUntilItIsToldToGoOn() throws Exception {
        Process armed = start("here:stop");
        Path state = Path.of("/proc/" + armed.pid() + "/stat");
        for (int i = 0; i < 3000 && !Files.readString(state).contains(") T "); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(Files.readString(state)).contains(") T ");
        new ProcessBuilder("kill", "-CONT", Long.toString(armed.pid())).start().waitFor();

        assertThat(armed.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(armed.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("passed");
    }

    @Test
    void passesPlacesThatAreNotArmed() throws Exception {
        Process other = run("elsewhere");

        assertThat(other.waitFor()).isZero();
        assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("passed");
    }

    private static Process run(String failpoints) throws Exception {
        Process process = start(failpoints);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process;
    }

    private static Process start(String failpoints) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java, "-Xshare:auto", "-cp", System.getProperty("java.class.path"), Program.class.getName());
        builder.environment().put("AIRLOCK_FAILPOINTS", failpoints);
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }
}
