package dev.airlock.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.StateDirectory;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DevOptionsTest {
    private final StateDirectory state = new StateDirectory(Path.of("unused"));

    @Test
    void embedsUnlessToldAnAddress() {
        assertThat(temporal("auto")).isEqualTo(new TemporalChoice.Available());
        assertThat(temporal("real")).isEqualTo(new TemporalChoice.Real());
        assertThat(temporal("memory")).isEqualTo(new TemporalChoice.Memory());
        assertThat(temporal("host-1:7233")).isEqualTo(new TemporalChoice.External("host-1:7233"));
        assertThat(DevOptions.of(state, "real", Optional.of("a:1,[::1]:2")).kafka())
                .contains("a:1,[::1]:2");
    }

    @Test
    void refusesWhatItCannotServe() {
        for (String word : new String[] {"Memory", "", "host", "host:", ":7233", "a:1,b:2", "a b:1", "dns:///x:1"}) {
            assertThatThrownBy(() -> DevOptions.of(state, word, Optional.empty()))
                    .as(word)
                    .isInstanceOfSatisfying(PlatformException.class, e -> {
                        assertThat(e.code()).isEqualTo(PlatformException.Code.USAGE);
                        assertThat(e.hint()).contains("write --temporal real, memory or HOST:PORT");
                    });
        }
    }

    private TemporalChoice temporal(String word) {
        return DevOptions.of(state, word, Optional.empty()).temporal();
    }
}
