package dev.airlock.platform.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.airlock.platform.state.StateDirectory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogsTest {
    @TempDir
    Path temporary;

    @Test
    void writesToTheFileAndNeverToTheTerminal() throws Exception {
        StateDirectory state = new StateDirectory(temporary).create();
        Logger logger = LoggerFactory.getLogger("dev.airlock.test");
        PrintStream terminal = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            logger.error("before");
            Logs.toFile(state, "worker");
            logger.info("run {} started", "run-ä");
            LoggerFactory.getLogger("io.temporal.x").info("chatter");
        } finally {
            System.setOut(terminal);
            ((LoggerContext) LoggerFactory.getILoggerFactory())
                    .getLogger(Logger.ROOT_LOGGER_NAME)
                    .detachAndStopAllAppenders();
        }

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(Files.readString(state.logs().resolve("worker.log")))
                .contains("INFO", "run run-ä started")
                .doesNotContain("before", "chatter");
    }
}
