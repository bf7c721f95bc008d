package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The demo asks it what is there, and stdout belongs to the demo's answer. */
class BaseImageScriptTest {

    @Test
    void saysByItsExitCodeAloneThatTheImageIsNotThere() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", Airlock.HOME.resolve("scripts/base-image.sh").toString(), "--check")
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("AIRLOCK_SPEAK", "json", "DOCKER_HOST", "unix:///nonexistent"));
        Process process = builder.start();

        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(said).isEmpty();
    }
}
