package dev.airlock.platform.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.workflows.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogsTest {
    @TempDir
    Path temporary;

    @Test
    void writesAnObjectALineWhenAsked() throws Exception {
        StateDirectory state = new StateDirectory(temporary).create();
        Logger logger = LoggerFactory.getLogger("dev.airlock.test");
        try {
            Logs.toFile(state, "worker", LogFormat.JSON);
            LogFields.set("run-ä", "test", 2, "0af7651916cd43dd8448eb211c80319c");
            logger.warn("hostile \"name\"\n{}", "\u0000\u2028\\", new IllegalStateException("cause\nin two lines"));
            LogFields.clear();
            logger.info("nothing particular");
        } finally {
            ((LoggerContext) LoggerFactory.getILoggerFactory())
                    .getLogger(Logger.ROOT_LOGGER_NAME)
                    .detachAndStopAllAppenders();
        }

        List<String> lines = Files.readAllLines(state.logs().resolve("worker.log"));
        assertThat(lines).hasSize(2);
        JsonNode first = Payloads.mapper().readTree(lines.getFirst());
        assertThat(first.path("level").asText()).isEqualTo("WARN");
        assertThat(first.path("loggerName").asText()).isEqualTo("dev.airlock.test");
        assertThat(first.path("formattedMessage").asText()).isEqualTo("hostile \"name\"\n\u0000\u2028\\");
        assertThat(first.path("timestamp").asLong()).isPositive();
        assertThat(first.path("throwable").path("message").asText()).isEqualTo("cause\nin two lines");
        assertThat(first.path("mdc").path("run").asText()).isEqualTo("run-ä");
        assertThat(first.path("mdc").path("step").asText()).isEqualTo("test");
        assertThat(first.path("mdc").path("attempt").asText()).isEqualTo("2");
        assertThat(first.path("mdc").path("trace_id").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(Payloads.mapper().readTree(lines.get(1)).path("mdc")).isEmpty();
    }

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
