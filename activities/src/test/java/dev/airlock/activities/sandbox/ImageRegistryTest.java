package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.activities.sandbox.ImageRegistry.Registered;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRegistryTest {
    @TempDir
    Path directory;

    @Test
    void keepsAndReplaces() throws Exception {
        ImageRegistry registry = new ImageRegistry(directory.resolve("images"));
        assertThat(registry.list()).isEmpty();
        Registered tools = new Registered("tools", "sha256:1", "docker", "python:3");
        registry.add(new Registered("tools", "sha256:0", "docker", "python:2"));
        registry.add(tools);
        registry.add(new Registered("agent", "sha256:2", "docker", "agent"));
        assertThat(registry.find("tools")).contains(tools);
        assertThat(registry.list()).extracting(Registered::name).containsExactly("agent", "tools");
        assertThat(registry.find("absent")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "", "../x", "A", "a/b", ".a", "a b"})
    void refusesNamesThatCannotBeGiven(String name) {
        ImageRegistry registry = new ImageRegistry(directory);
        assertThatThrownBy(() -> registry.add(new Registered(name, "sha256:0", "docker", "x")))
                .isInstanceOf(SandboxException.class);
        assertThat(name).satisfies(one -> assertThat(registry.find(one)).isEmpty());
    }
}
