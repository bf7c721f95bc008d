package dev.airlock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.cli.session.Text.Colour;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoryTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void isPlainLinesInAPipe() {
        Story story = story(false);
        story.chapter("One");
        story.now("test", "running");
        story.done("test", Colour.GOOD, "green", ": 17 tests", Duration.ofMillis(340));
        story.fact("state", "/somewhere");

        assertThat(told()).isEqualTo("""

                1  One
                   test       green: 17 tests                                           0.3 s
                   state      /somewhere
                """);
    }

    @Test
    void writesOverWhatIsBeingDoneOnATerminal() {
        Story story = story(true);
        story.now("test", "running, 0.1 s");
        story.now("test", "running, 0.2 s");
        story.line("done");

        assertThat(told()).endsWith("0.2 s\u001b[0m\r\u001b[Kdone\n");
        assertThat(told()).containsOnlyOnce("\n");
    }

    @Test
    void breaksLongQuotesAndShowsWhatWouldMoveTheCursor() {
        Story story = story(false);
        story.quote(Colour.BAD, List.of("word ".repeat(30).strip(), "x".repeat(150), "\u001b[2Jgone\r"));

        assertThat(told().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(told())
                .contains("     |   word word")
                .contains("^[[2Jgone^M")
                .doesNotContain("\u001b");
    }

    private Story story(boolean terminal) {
        return new Story(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, terminal);
    }

    private String told() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
