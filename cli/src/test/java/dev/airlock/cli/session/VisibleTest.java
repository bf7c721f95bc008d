package dev.airlock.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class VisibleTest {
    @Test
    void putsTextOfSeveralLinesIntoOne() {
        assertThat(new Text(false).line("reason: first\n\n  second\r\nthird\n").toString())
                .isEqualTo("reason: first;   second; third\n");
        assertThat(new Text(false).line("  kept as it is  ").toString()).isEqualTo("  kept as it is  \n");
        assertThat(Visible.line(" a\rb ")).isEqualTo("a; b");
        assertThat(new Text(false).line("\n").toString()).isEqualTo("\n");
    }

    @Test
    @Timeout(10)
    void takesHugeHostileText() {
        String blanks = " ".repeat(2_000_000);
        assertThat(Visible.line("a" + blanks + "\n" + blanks + "b\u001b[2J")).endsWith("b^[[2J");
    }

    @Test
    void measuresAndCutsByColumns() {
        assertThat(Columns.of("abc")).isEqualTo(3);
        assertThat(Columns.of("日本")).isEqualTo(4);
        assertThat(Columns.of("e\u0301")).isEqualTo(1);
        assertThat(Columns.of("🚀")).isEqualTo(2);
        assertThat(Columns.fit("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Columns.fit("abcdef", 5)).isEqualTo("abcd…");
        assertThat(Columns.fit("日本語", 4)).isEqualTo("日…");
        assertThat(Columns.fit("abc", 0)).isEmpty();
    }
}
