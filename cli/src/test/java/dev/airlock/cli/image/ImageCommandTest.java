package dev.airlock.cli.image;

import dev.airlock.cli.Golden;
import dev.airlock.cli.session.Answers;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The object that a registration gives. */
class ImageCommandTest {
    @Test
    void isFrozen() throws IOException {
        Golden.check(
                "image-add",
                Answers.line(new ImageCommand.Image("tools", "sha256:" + "6".repeat(64), "docker")) + "\n");
    }
}
