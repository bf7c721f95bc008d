package dev.airlock.workspace.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class LargeFilesIT {
    @TempDir
    Path temp;

    @Test
    void threeHundredMegabytesNeedNoMemory() throws Exception {
        Path source = Files.createDirectory(temp.resolve("source"));
        byte[] block = new byte[1 << 20];
        new Random(1).nextBytes(block);
        try (OutputStream large = Files.newOutputStream(source.resolve("large"))) {
            for (int i = 0; i < 300; i++) {
                large.write(block);
            }
        }
        try (OutputStream lines = Files.newOutputStream(source.resolve("lines"))) {
            byte[] some = "a line that comes often\n".repeat(40_000).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 20; i++) {
                lines.write(some);
            }
        }

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeFiles.class.getName(),
                        temp.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output.strip()).endsWith("FIT");
        assertThat(process.waitFor()).isZero();
    }
}
