package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A copy of a state directory whose dev was stopped is a whole back-up, as docs/operations.md says. */
class BackupIT {
    @Test
    void aRunThatWaitsForItsReviewIsApprovedAfterARestore() throws Exception {
        try (Airlock airlock = new Airlock()) {
            Airlock.Server dev = airlock.dev();
            Path directory = greet(airlock);
            airlock.ok("workspace", "create", "greet", "--from", directory.toString());
            Files.writeString(directory.resolve("greet.txt"), "Good morning\n");
            String run =
                    airlock.ok("push", "greet", "--dir", directory.toString()).text("/run");
            airlock.ok("wait", run, "--for", "review", "--timeout", "120s");
            String evidence = airlock.ok("status", run).text("/evidence");
            dev.stop();

            Path copy = airlock.scratch("back-up").resolve("state");
            shell("cp", "-a", airlock.state.toString(), copy.toString());
            shell("rm", "-r", airlock.state.toString());
            shell("cp", "-a", copy.toString(), airlock.state.toString());
            airlock.dev();

            airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence);
            airlock.ok("wait", run, "--for", "end", "--timeout", "60s");
            assertThat(airlock.ok("workspace", "log", "greet").text("/items/0/run"))
                    .isEqualTo(run);
            airlock.ok("audit", "verify", "--all");
        }
    }

    private static Path greet(Airlock airlock) throws IOException {
        Path directory = airlock.scratch("greet");
        Files.createDirectories(directory.resolve(".airlock"));
        Files.writeString(directory.resolve("greet.txt"), "Hello\n");
        Files.writeString(directory.resolve(".airlock/pipeline.yaml"), """
                pipeline: greet
                steps:
                  - { id: test, uses: sandbox, with: { run: "test -s greet.txt" } }
                  - { id: review, uses: review }
                  - { id: promote, uses: promote }
                """);
        return directory;
    }

    private static void shell(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(words)).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", words)).isZero();
    }
}
