package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The picture of the README is what the kept transcript shows, and nothing was painted in. */
class PictureTest {
    private static final Path PICTURES = Sources.HOME.resolve("docs/pictures");

    @Test
    void isDrawnFromItsTranscript(@TempDir Path directory) throws Exception {
        String kept = Sources.text(PICTURES.resolve("demo.svg"));
        String title = kept.substring(kept.indexOf("<title>") + "<title>".length(), kept.indexOf("</title>"));
        Path drawn = directory.resolve("demo.svg");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        Sources.HOME.resolve("scripts/TerminalPicture.java").toString(),
                        PICTURES.resolve("demo.txt").toString(),
                        drawn.toString(),
                        title))
                .inheritIO()
                .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Sources.text(drawn)).isEqualTo(kept);
    }

    @Test
    void tellsNothingOfTheMachineThatDrewIt() {
        assertThat(Sources.text(PICTURES.resolve("demo.txt"))).doesNotContain("/tmp/", "/root/", "/home/", "/work/");
    }
}
