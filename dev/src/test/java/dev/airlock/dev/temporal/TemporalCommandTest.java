package dev.airlock.dev.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

        assertThat(TemporalCommand.find(Map.of("PATH", "relative:/absent:" + onPath.getParent()), home))
                .isEqualTo(onPath);
    }

    @Test
    void looksInTheCacheNext() throws Exception {
        Path cached = executable(home.resolve(".cache/airlock/bin/temporal"));
        Path elsewhere = executable(home.resolve("xdg/airlock/bin/temporal"));

        assertThat(TemporalCommand.find(Map.of("PATH", "/absent"), home)).isEqualTo(cached);
        assertThat(TemporalCommand.find(
                        Map.of("XDG_CACHE_HOME", home.resolve("xdg").toString()), home))
                .isEqualTo(elsewhere);
    }

    @Test
    void saysHowToGetIt() throws Exception {
        Files.createDirectories(home.resolve("bin/temporal"));

        assertThatThrownBy(() ->
                        TemporalCommand.find(Map.of("PATH", home.resolve("bin").toString()), home))
                .isInstanceOfSatisfying(
                        PlatformException.class,
                        e -> assertThat(e.hint())
                                .hasValueSatisfying(hint -> assertThat(hint).contains("./airlock setup --temporal")))
                .hasMessage("the temporal command is missing");
    }

    private static Path executable(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
