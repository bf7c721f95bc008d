package dev.airlock.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final List<String> closed = new ArrayList<>();
    private final Lifecycle lifecycle = new Lifecycle();

    @Test
    void closesTheLastFirst() {
        register("first");
        register("second");

        lifecycle.close();

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void closesOnce() {
        register("only");

        lifecycle.close();
        lifecycle.close();

        assertThat(closed).containsExactly("only");
    }

    @Test
    void closesTheRestWhenOneFails() {
        register("first");
        AutoCloseable broken = () -> {
            throw new IOException("broken");
        };
        lifecycle.register(broken);
        AutoCloseable worse = () -> {
            throw new IOException("worse");
        };
        lifecycle.register(worse);

        assertThatThrownBy(lifecycle::close)
                .hasMessageContaining("worse")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("broken"));
        assertThat(closed).containsExactly("first");
    }

    @Test
    void closesWhatComesTooLate() {
        lifecycle.close();

        assertThatThrownBy(() -> register("late")).isInstanceOf(IllegalStateException.class);
        assertThat(closed).containsExactly("late");
    }

    private void register(String name) {
        AutoCloseable closeable = () -> closed.add(name);
        lifecycle.register(closeable);
    }
}
