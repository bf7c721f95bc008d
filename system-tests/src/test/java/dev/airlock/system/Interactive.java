package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.session.CommandAnswer;
import dev.airlock.starter.session.InteractiveSandbox;
import dev.airlock.starter.session.SandboxCommand;
import dev.airlock.starter.session.Sandboxes;
import dev.airlock.starter.session.StartSandbox;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.session.SessionRequest.Timing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Servers as processes, and a program in this one that uses interactive sandboxes. */
final class Interactive implements AutoCloseable {
    private static final Principal KIM = new Principal("agent:kim");

    final Airlock airlock;
    private final TemporalClients temporal;
    private final Sandboxes sandboxes;

    /** Everything but a worker. */
    Interactive() throws java.io.IOException {
        airlock = new Airlock();
        airlock.dev("--no-worker", "--engine", "bubblewrap");
        StateDirectory state = new StateDirectory(airlock.state);
        Endpoints endpoints = Endpoints.read(state);
        temporal = TemporalClients.connect(endpoints.temporal().target());
        sandboxes = Sandboxes.over(temporal.client(), state, endpoints.installation(), "airlock:test");
    }

    Airlock.Server worker() {
        return airlock.worker();
    }

    /**
     * @param idle after which it is released
     * @param commands after which it continues as new
     */
    InteractiveSandbox start(Duration idle, int commands) {
        Timing usual = Timing.DEFAULT;
        Timing timing =
                new Timing(usual.lifetime(), usual.warning(), usual.extension(), usual.extensions(), idle, commands);
        return sandboxes.start(StartSandbox.by(KIM).living(timing));
    }

    static SandboxCommand sh(String id, String script) {
        return SandboxCommand.of("/bin/sh", "-c", script).called(id).within(Duration.ofMinutes(2));
    }

    static String output(InteractiveSandbox sandbox, CommandAnswer answer) {
        assertThat(answer.passed()).as("%s", answer).isTrue();
        return new String(sandbox.output(answer, 1 << 20), StandardCharsets.UTF_8);
    }

    /** The output of a command while it runs, as the worker keeps it. */
    Path live(InteractiveSandbox sandbox, long command) {
        return airlock.state.resolve("output").resolve(sandbox.id().value()).resolve("commands/" + command);
    }

    void awaitOutput(InteractiveSandbox sandbox, long command) {
        Path file = live(sandbox, command);
        Airlock.await(() -> file.toFile().length() > 0, "command " + command + " does not begin");
        assertThat(Files.exists(file)).isTrue();
    }

    /**
     * Each command counts in a file and prints the count: it is the command's number if each runs once, in order.
     *
     * @param at after these commands the worker is killed, in the middle of the next one
     */
    void count(InteractiveSandbox sandbox, int commands, int... at) {
        Airlock.Server worker = null;
        for (int i = 1; i <= commands; i++) {
            worker = worker == null ? worker() : worker;
            boolean last = isAmong(i, at);
            String count = "n=$(cat n 2>/dev/null || echo 0); n=$((n + 1)); echo $n > n; echo $n";
            SandboxCommand command = sh("call-" + i, last ? count + "; sleep 2; echo done" : count);
            if (!last) {
                assertThat(output(sandbox, sandbox.exec(command))).isEqualTo(i + "\n");
                continue;
            }
            var running = java.util.concurrent.CompletableFuture.supplyAsync(() -> sandbox.exec(command));
            awaitOutput(sandbox, i);
            worker.kill();
            worker = worker();
            assertThat(output(sandbox, running.join())).isEqualTo(i + "\ndone\n");
        }
        if (worker != null) {
            // The same call again, also one of an earlier execution, is answered and not done again.
            assertThat(sandbox.exec(sh("call-" + commands, "echo never")).command())
                    .isEqualTo(commands);
            assertThat(output(sandbox, sandbox.exec(sh("end", "cat n")))).isEqualTo(commands + "\n");
            sandbox.stop("counted");
            worker.stop();
        }
    }

    private static boolean isAmong(int number, int... at) {
        return java.util.Arrays.stream(at).anyMatch(each -> each == number);
    }

    @Override
    public void close() throws java.io.IOException {
        temporal.close();
        airlock.close();
    }
}
