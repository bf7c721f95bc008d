package dev.airlock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptsTest {
    private static final String RED = """
            test_a (tests.test_x.X.test_a) ... ok
            ======================================================================
            FAIL: test_b (tests.test_x.X.test_b) (quantity=11, price=15)
            ----------------------------------------------------------------------
            Traceback (most recent call last):
              File "tests/test_x.py", line 19, in test_b
            AssertionError: 148 != 149

            ----------------------------------------------------------------------
            Ran 17 tests in 0.022s

            FAILED (failures=1)
            """;

    @Test
    void findsWhichTestsFailedAndHow() {
        assertThat(Excerpts.failures(RED))
                .containsExactly("FAIL: test_b (quantity=11, price=15)", "  AssertionError: 148 != 149");
        assertThat(Excerpts.tests(RED)).isEqualTo("17 tests");
    }

    @Test
    void showsTheEndOfWhatItDoesNotUnderstand() {
        assertThat(Excerpts.failures("one\ntwo\n")).containsExactly("one", "two");
        assertThat(Excerpts.failures("line\n".repeat(100))).hasSize(8);
        assertThat(Excerpts.failures("")).isEmpty();
        assertThat(Excerpts.failures("x".repeat(1_000_000)))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(300));
        assertThat(Excerpts.tests("nothing ran")).isEmpty();
    }

    @Test
    void hearsOnlyTheAgent() {
        assertThat(Excerpts.words("agent: read\nTraceback\nagent: mended\n", "agent"))
                .containsExactly("agent: read", "agent: mended");
    }
}
