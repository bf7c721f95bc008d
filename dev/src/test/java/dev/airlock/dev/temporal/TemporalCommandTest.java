package dev.airlock.dev.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.failure.PlatformException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporalCommandTest {
    @TempDir
    Path home;

    @Test
    void looksOnThePathFirst() throws Exception {
        Path onPath = executable(home.resolve("bin/temporal"));
        executable(home.resolve(".cache/airlock/bin/temporal"));

        assertThat(TemporalCommand.look(Map.of("PATH", "relative:/absent:" + onPath.getParent()), home))
                .contains(onPath);
    }

    @Test
    void looksInTheCacheNext() throws Exception {
        Path cached = executable(home.resolve(".cache/airlock/bin/temporal"));
        Path elsewhere = executable(home.resolve("xdg/airlock/bin/temporal"));

        assertThat(TemporalCommand.look(Map.of("PATH", "/absent"), home)).contains(cached);
        assertThat(TemporalCommand.look(
                        Map.of("XDG_CACHE_HOME", home.resolve("xdg").toString()), home))
                .contains(elsewhere);
    }

    @Test
    void saysHowToGetIt() throws Exception {
        Files.createDirectories(home.resolve("bin/temporal"));

        assertThat(TemporalCommand.look(Map.of("PATH", home.resolve("bin").toString()), home))
                .isEmpty();
        assertThat(TemporalCommand.missing())
                .hasMessage("the temporal command is missing")
                .extracting(PlatformException::hint)
                .asString()
                .contains("./airlock setup --temporal");
    }

    private static Path executable(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
