package dev.airlock.platform.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.ConfigurationException;
import com.google.inject.CreationException;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

class StrictInjectorTest {
    static final class Engine {
        @Inject
        Engine() {}
    }

    static final class Unmarked {}

    private static final class Binding extends AbstractModule {
        private final Class<?> type;

        Binding(Class<?> type) {
            this.type = type;
        }

        @Override
        protected void configure() {
            bind(type);
        }
    }

    @Test
    void givesWhatIsBound() {
        assertThat(StrictInjector.create(new Binding(Engine.class)).getInstance(Engine.class))
                .isNotNull();
    }

    @Test
    void refusesWhatIsNotBound() {
        assertThatThrownBy(() -> StrictInjector.create().getInstance(Engine.class))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void refusesConstructorsWithoutInject() {
        assertThatThrownBy(() -> StrictInjector.create(new Binding(Unmarked.class)))
                .isInstanceOf(CreationException.class);
    }
}
