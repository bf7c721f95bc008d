package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.starter.session.CommandAnswer;
import dev.airlock.starter.session.InteractiveSandbox;
import dev.airlock.workflows.session.Restored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An interactive sandbox through every real part, with workers that die. */
class SandboxIT {
    private static final Duration LONG = Duration.ofHours(1);

    private static Interactive plant;

    @BeforeAll
    static void start() throws IOException {
        plant = new Interactive();
    }

    @AfterAll
    static void stop() throws IOException {
        plant.close();
    }

    /** Over two killed workers, and more than once continued as new. */
    @Test
    void everyCommandRunsOnceAndIsAnswered() throws Exception {
        Airlock.Server first = plant.worker();
        InteractiveSandbox sandbox = plant.start(LONG, 25);
        first.stop();

        plant.count(sandbox, 60, 15, 45);

        JsonNode verified =
                plant.airlock.ok("audit", "verify", sandbox.id().value()).json();
        assertThat(verified.path("ok").asBoolean()).isTrue();
        assertThat(verified.path("events").asInt()).isEqualTo(1 + 61 + 1);
        assertThat(containers()).isEmpty();
    }

    @Test
    void comesBackFromItsSnapshotWhenItIsCalled() throws Exception {
        Airlock.Server worker = plant.worker();
        InteractiveSandbox sandbox = plant.start(Duration.ofSeconds(1), 500);
        Interactive.output(
                sandbox, sandbox.exec(Interactive.sh("a", "mkdir d; echo kept > d/file; echo gone > /tmp/x")));
        Airlock.await(() -> sandbox.status().state().equals("SNAPSHOT"), "nothing is kept");
        assertThat(containers()).isEmpty();

        CommandAnswer back = sandbox.exec(Interactive.sh("b", "cat d/file; ls /tmp"));

        assertThat(Interactive.output(sandbox, back)).isEqualTo("kept\n");
        assertThat(back.restored()).isNotNull();
        assertThat(java.util.Objects.requireNonNull(back.restored()).reason()).isEqualTo(Restored.Reason.IDLE);
        sandbox.stop("");
        worker.stop();
    }

    @Test
    void doesWhatTheCommandLineSays() throws Exception {
        Airlock.Server worker = plant.worker();
        String id = plant.airlock.ok("sandbox", "start").text("/sandbox");
        Path from = plant.airlock.scratch("from");
        Files.createDirectories(from.resolve("src"));
        Files.writeString(from.resolve("src/run.sh"), "echo \"ran $1\"; exit 4\n");
        JsonNode put =
                plant.airlock.ok("sandbox", "put", id, from.toString(), ".").json();
        assertThat(put.path("files").asInt()).isEqualTo(1);

        JsonNode ran = plant.airlock
                .ok("sandbox", "exec", id, "--cwd", "src", "--", "sh", "run.sh", "\u001b[31mred")
                .json();
        assertThat(ran.path("exitCode").asInt()).isEqualTo(4);
        assertThat(new String(Base64.getDecoder().decode(ran.path("output").asText()), StandardCharsets.UTF_8))
                .isEqualTo("ran \u001b[31mred\n");
        plant.airlock.ok(
                "sandbox", "exec", id, "--", "sh", "-c", "mkdir out; mkfifo out/p; ln -s / out/l; echo x > out/x");
        Path to = plant.airlock.scratch("to");
        JsonNode got =
                plant.airlock.ok("sandbox", "get", id, "out", to.toString()).json();
        assertThat(got.path("files").asInt()).isEqualTo(1);
        assertThat(got.path("refused")).hasSize(2);
        assertThat(to.resolve("x")).hasContent("x\n");
        assertThat(Files.exists(to.resolve("l"), java.nio.file.LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(plant.airlock
                        .run("sandbox", "start", "--engine", "docker")
                        .expectExit(2)
                        .text("/error/code"))
                .isEqualTo("ENGINE_ABSENT");
        assertThat(plant.airlock
                        .run("sandbox", "start", "--image", "nope")
                        .expectExit(2)
                        .text("/error/code"))
                .isEqualTo("IMAGE_ABSENT");
        assertThat(plant.airlock.ok("sandbox", "list").json().findValuesAsText("sandbox"))
                .contains(id);
        assertThat(plant.airlock.ok("sandbox", "stop", id).text("/state")).isEqualTo("ENDED");
        assertThat(plant.airlock.ok("sandbox", "list").json().findValuesAsText("sandbox"))
                .doesNotContain(id);
        worker.stop();
    }

    /** Bubblewrap keeps a directory for each. */
    private static List<String> containers() throws IOException {
        try (Stream<Path> all = Files.list(plant.airlock.state.resolve("sandboxes"))) {
            return all.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.startsWith("airlock-"))
                    .toList();
        }
    }
}
