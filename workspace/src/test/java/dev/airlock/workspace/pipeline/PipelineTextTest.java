package dev.airlock.workspace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that are hardly YAML, or made to do harm. */
@Timeout(10)
final class PipelineTextTest {
    private static final String SMALLEST =
            "{pipeline: orders, steps: [{id: review, uses: review}, {id: promote, uses: promote}]}";

    @Test
    void takesTheSmallestOneAlsoWithAByteOrderMark() {
        assertThat(PipelineMistakesTest.mistakes(SMALLEST)).isEmpty();
        assertThat(PipelineMistakesTest.mistakes("\ufeff" + SMALLEST)).isEmpty();
        assertThat(PipelineMistakesTest.mistakes(SMALLEST.replace(", ", ",\r\n  ")))
                .isEmpty();
    }

    @Test
    void anEmptyFile() {
        one("", "1:1 : the file is empty");
        one("# nothing\n", "1:1 : the file is empty");
        one("---\n", "2:1 : is empty, not a group of keys");
    }

    @Test
    void noMapping() {
        one("hello", "1:1 : 'hello' is not a group of keys");
        one("- a\n- b\n", "1:1 : a list is not a group of keys");
    }

    @Test
    void aTab() {
        one("pipeline: orders\nsteps:\n\t- id: a\n", "3:1 : not YAML: a tab; indent with blanks");
    }

    @Test
    void anOpenBracket() {
        assertThat(PipelineMistakesTest.mistakes("pipeline: [orders\n"))
                .singleElement()
                .asString()
                .startsWith("2:1 : not YAML: while parsing a flow sequence");
    }

    @Test
    void noText() {
        byte[] yaml = "pipeline: orders\nsteps: x?\n".getBytes(StandardCharsets.UTF_8);
        yaml[yaml.length - 2] = (byte) 0xff;
        assertThat(PipelineMistakesTest.mistakes(yaml)).containsExactly("2:9 : the file is not UTF-8");
        one("pipeline: a\u0000b\n", "1:1 : not YAML: special characters are not allowed");
    }

    @Test
    void tooMuch() {
        byte[] yaml = new byte[1 << 20];
        Arrays.fill(yaml, (byte) 'a');
        assertThat(PipelineMistakesTest.mistakes(yaml))
                .containsExactly("1:1 : the file has 1048576 bytes; a pipeline has at most 262144");
    }

    @Test
    void tooDeep() {
        one("[".repeat(200_000), "1:33 : nested more than 32 levels deep");
        one("steps: " + "[".repeat(40) + "]".repeat(40), "1:39 : nested more than 32 levels deep");
        assertThat(PipelineMistakesTest.mistakes("a:\n" + nested(1000)))
                .singleElement()
                .asString()
                .contains("nested more than 32");
    }

    @Test
    void aliasesAndTags() {
        one("a: &x [1]\nb: *x\n", "2:4 : an alias (*name); write the value out");
        one("pipeline: !!java.net.URL x\n", "1:11 : a tag (tag:yaml.org,2002:java.net.URL); leave it out");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        one(bomb.toString(), "2:10 : an alias (*name); write the value out");
    }

    @Test
    void twoDocuments() {
        one(SMALLEST + "\n---\n" + SMALLEST, "2:1 : a second document; a pipeline is one");
    }

    @Test
    void keysThatAreNoText() {
        assertThat(PipelineMistakesTest.mistakes(SMALLEST.replace("{pipeline", "{? [a] : b, pipeline")))
                .containsExactly("1:4 : a key must be a plain text");
        assertThat(PipelineMistakesTest.mistakes(SMALLEST.replace("{pipeline", "{1: b, pipeline")))
                .containsExactly("1:2 1: unknown key '1'; known are pipeline, workspace, limits, steps");
    }

    @Test
    void numbersBeyondReason() {
        for (String number : new String[] {"9".repeat(100_000), "1e999999999", "1.0e3", ".inf", "-1", "99999999999"}) {
            assertThat(PipelineMistakesTest.mistakes(
                            "{pipeline: orders, limits: {attempts: " + number + "}, steps: [{id: a, uses: review}]}"))
                    .hasSize(1);
        }
    }

    @Test
    void manyMistakesAreAllReported() {
        String yaml = "pipeline: orders\nsteps:\n" + "  - { id: 5, uses: nothing, bad: 1 }\n".repeat(100);

        assertThat(PipelineMistakesTest.mistakes(yaml)).hasSize(300);
    }

    @Test
    void controlCharactersDoNotReachTheMessage() {
        assertThat(PipelineMistakesTest.mistakes(
                        "{pipeline: orders, \"\\e[31m\\n\": 1, steps: [{id: a, uses: \"\\e[2J\"}]}"))
                .hasSize(2)
                .allSatisfy(mistake -> assertThat(mistake.chars()).allMatch(c -> c >= ' '));
    }

    private static void one(String yaml, String expected) {
        assertThat(PipelineMistakesTest.mistakes(yaml)).containsExactly(expected);
    }

    private static String nested(int depth) {
        StringBuilder yaml = new StringBuilder();
        for (int i = 1; i <= depth; i++) {
            yaml.append(" ".repeat(i % 100)).append("- ");
        }
        return yaml.toString();
    }
}
