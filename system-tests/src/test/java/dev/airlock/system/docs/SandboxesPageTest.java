package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page shows is a part of a program that compiles. */
class SandboxesPageTest {
    private static final Path EXAMPLE = Sources.HOME.resolve("examples/sandbox/RunInSandbox.java");

    @TempDir
    private Path classes;

    @Test
    void theExampleCompiles() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int code = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                EXAMPLE.toString());

        assertThat(code).isZero();
        assertThat(classes.resolve("RunInSandbox.class")).exists();
    }

    @Test
    void thePageShowsItsLines() throws Exception {
        List<String> lines =
                Files.readAllLines(EXAMPLE).stream().map(String::strip).toList();
        List<String> shown = Page.of("docs/sandboxes.md").blocks().stream()
                .filter(block -> block.text().contains("InteractiveSandbox"))
                .flatMap(block -> block.text().lines())
                .map(String::strip)
                .toList();

        assertThat(shown).hasSizeGreaterThan(3).isSubsetOf(lines);
    }
}
