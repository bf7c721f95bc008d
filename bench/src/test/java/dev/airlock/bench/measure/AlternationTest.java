package dev.airlock.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlternationTest {
    @Test
    void takesTheSidesInTurnAndBeginsWithEitherOne() throws Exception {
        List<String> order = new ArrayList<>();
        Alternation.of(3, () -> noted(order, "a"), () -> noted(order, "b"));

        assertThat(order).containsExactly("a", "b", "b", "a", "a", "b");
    }

    @Test
    void comparesEachBlockWithItsOwnNeighbour() throws Exception {
        // A machine that gets ten times as slow half-way says nothing about the sides.
        double[] slow = {1, 1, 10, 10, 10};
        int[] next = new int[2];
        Alternation both = Alternation.of(5, () -> Samples.of(3 * slow[next[0]++]), () -> Samples.of(slow[next[1]++]));

        assertThat(both.ratio()).isCloseTo(3, within(1e-9));
    }

    @Test
    void saysWhatIsInTheMiddle() {
        assertThat(Samples.of(9, 1, 5).median()).isEqualTo(5);
        assertThat(Samples.of(4, 1, 2, 9).median()).isEqualTo(3);
        assertThat(Samples.of(4, 1, 2, 9).least()).isEqualTo(1);
        assertThat(Samples.of(4, 1, 2, 9).most()).isEqualTo(9);
        assertThatThrownBy(Samples::of).hasMessageContaining("nothing was measured");
    }

    private static Samples noted(List<String> order, String side) {
        order.add(side);
        return Samples.of(1);
    }
}
