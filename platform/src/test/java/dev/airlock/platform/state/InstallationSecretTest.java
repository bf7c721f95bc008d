package dev.airlock.platform.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationSecretTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("secret");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void everybodyGetsTheSame() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 64)
                .parallel()
                .forEach(i -> seen.add(hex(InstallationSecret.keptIn(file).derive("x"))));

        assertThat(seen).hasSize(1);
        assertThat(file).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void anotherInstallationHasAnother() {
        byte[] one = InstallationSecret.keptIn(file).derive("x");
        byte[] other =
                InstallationSecret.keptIn(directory.resolve("other/secret")).derive("x");

        assertThat(one).hasSize(32).isNotEqualTo(other);
    }

    /** The second case of RFC 4231, its key filled up with zeros as HMAC does. */
    @Test
    void derivesByTheStandard() throws Exception {
        byte[] key = new byte[32];
        System.arraycopy("Jefe".getBytes(StandardCharsets.UTF_8), 0, key, 0, 4);
        Files.write(file, key);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThat(hex(InstallationSecret.keptIn(file).derive("what do ya want for nothing?")))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void refusesOneThatOthersMayRead() throws Exception {
        InstallationSecret.keptIn(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> InstallationSecret.keptIn(file))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void refusesOneThatWasCutOff() throws Exception {
        Files.write(file, new byte[31]);

        assertThatThrownBy(() -> InstallationSecret.keptIn(file))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("31 bytes, not 32");
    }

    @Test
    void tellsNobody() {
        assertThat(InstallationSecret.keptIn(file)).hasToString("InstallationSecret");
    }
}
