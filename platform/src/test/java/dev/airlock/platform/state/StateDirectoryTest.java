package dev.airlock.platform.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir
    Path temporary;

    @Test
    void followsTheXdgSpecification() {
        Path home = Path.of("/home/rita");

        assertThat(StateDirectory.defaultRoot(Map.of(), home)).isEqualTo(Path.of("/home/rita/.local/state/airlock"));
        assertThat(StateDirectory.defaultRoot(Map.of("XDG_STATE_HOME", "/x"), home))
                .isEqualTo(Path.of("/x/airlock"));
        assertThat(StateDirectory.defaultRoot(Map.of("XDG_STATE_HOME", "relative"), home))
                .isEqualTo(Path.of("/home/rita/.local/state/airlock"));
        assertThat(StateDirectory.defaultRoot(Map.of("AIRLOCK_STATE", "mine", "XDG_STATE_HOME", "/x"), home))
                .isEqualTo(Path.of("mine"));
    }

    @Test
    void makesDirectoriesForTheOwnerAlone() throws Exception {
        StateDirectory state = new StateDirectory(temporary.resolve("a/b"), Map.of()).create();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.root())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.workspaces())))
                .isEqualTo("rwx------");
        state.create();
    }

    @Test
    void saysSoWhenTheDirectoryCannotBeMade() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "");

        assertThatThrownBy(() -> new StateDirectory(file.resolve("state"), Map.of()).create())
                .isInstanceOfSatisfying(
                        PlatformException.class, e -> assertThat(e.code()).isEqualTo(PlatformException.Code.USAGE))
                .hasMessageContaining(file.toString());
    }

    @Test
    void everybodyGetsTheSameInstallation() {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 64)
                .parallel()
                .forEach(i -> seen.add(new StateDirectory(temporary, Map.of()).installation()));

        assertThat(seen).hasSize(1).first().asString().matches("[a-z2-7]{16}");
    }

    @Test
    void theEnvironmentNamesTheInstallation() {
        StateDirectory named = new StateDirectory(temporary, Map.of("AIRLOCK_INSTALLATION", "prod-1"));

        assertThat(named.installation()).isEqualTo("prod-1");
        assertThat(new StateDirectory(temporary, Map.of()).installation()).isEqualTo("prod-1");
    }

    @Test
    void refusesAnInstallationThatCannotBePartOfANames() {
        StateDirectory hostile = new StateDirectory(temporary, Map.of("AIRLOCK_INSTALLATION", "a b\n"));

        assertThatThrownBy(hostile::installation)
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("AIRLOCK_INSTALLATION");
    }

    @Test
    void refusesAnEmptyInstallationFile() throws Exception {
        Path file = Files.writeString(temporary.resolve("installation"), "");

        assertThatThrownBy(() -> new StateDirectory(temporary, Map.of()).installation())
                .hasMessageContaining(file.toString());
    }
}
