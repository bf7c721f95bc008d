package dev.airlock.workspace.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventConditionTest {
    private static final String EVENT =
            "{\"status\":\"green\",\"count\":3,\"share\":0.5,\"none\":null,\"tags\":[\"a\",\"ä\"],\"to\":{\"host\":\"h1\"},"
                    + "\"big\":18446744073709551616}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data.status == 'green'",
                "data.count == 3 && data.count > 2.5 && data.share < 1",
                "data.none == null",
                "'ä' in data.tags && data.tags.exists(t, t.startsWith('a'))",
                "data.to.host.matches('^h[0-9]$') && has(data.to.host) && !has(data.from)",
                "type == 'deploy.finished' && source == 'ci'",
                "data.big > 1.0",
                "size(data) == 7"
            })
    void holds(String text) throws Exception {
        assertThat(EventCondition.compile(text).holds("ci", "deploy.finished", json(EVENT)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data.status == 'red'", "data.count == '3'", "source == 'elsewhere'", "false"})
    void doesNotHold(String text) throws Exception {
        assertThat(EventCondition.compile(text).holds("ci", "deploy.finished", json(EVENT)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data.absent == 1", "data.status", "data.count / 0 == 1", "data.tags[7] == 'a'", "data.x.y.z"})
    void saysThatItCannotDecide(String text) throws Exception {
        EventCondition condition = EventCondition.compile(text);

        assertThatThrownBy(() -> condition.holds("ci", "deploy.finished", json(EVENT)))
                .isInstanceOf(ConditionException.class)
                .hasMessageNotContaining("\n");
    }

    @Test
    void namesTheMistakeAndItsPlace() {
        assertThatThrownBy(() -> EventCondition.compile("data.ok &&\n  dta.ok"))
                .hasMessageContaining("dta")
                .hasMessageEndingWith("(in its line 2, column 3)");
        assertThatThrownBy(() -> EventCondition.compile("data.ok ==")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> EventCondition.compile("'text'")).hasMessageContaining("bool");
        assertThatThrownBy(() -> EventCondition.compile("1 + 'a' == 2")).isInstanceOf(ConditionException.class);
        assertThatThrownBy(() -> EventCondition.compile("type.foo()")).isInstanceOf(ConditionException.class);
    }

    @Test
    void costsLittleWhateverComes() throws Exception {
        assertThatThrownBy(() -> EventCondition.compile("true || ".repeat(300) + "true"))
                .isInstanceOf(ConditionException.class);
        assertThatThrownBy(() -> EventCondition.compile("(".repeat(500) + "true" + ")".repeat(500)))
                .isInstanceOf(ConditionException.class);
        String list = "[" + "1,".repeat(1500) + "1]";
        EventCondition square = EventCondition.compile("data.all(a, data.all(b, data.all(c, a + b + c < 9)))");
        long start = System.nanoTime();
        assertThatThrownBy(() -> square.holds("ci", "t", json(list))).isInstanceOf(ConditionException.class);
        EventCondition regex = EventCondition.compile("data.matches('(a|aa)+$')");
        assertThat(regex.holds("ci", "t", json("\"" + "a".repeat(16_000) + "b\"")))
                .isFalse();
        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(5_000);
    }

    private static JsonNode json(String text) {
        try {
            return Payloads.mapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
