package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What contributors are told. */
class ProjectPagesTest {
    private static final Pattern MODULE = Pattern.compile("<module>([a-z-]+)</module>");

    @Test
    void everyModuleIsIntroduced() {
        List<String> modules = MODULE.matcher(Sources.text(Sources.HOME.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1))
                .toList();
        assertThat(Page.of("CONTRIBUTING.md").table("Where things are").stream()
                        .flatMap(row -> Page.codes(row.getFirst()).stream()))
                .containsAll(modules);
    }

    /** Who upgrades with runs that wait for a review must not have to guess. */
    @Test
    void everyReleaseSaysWhetherOpenRunsGoOn() {
        String changelog = String.join("\n", Page.of("CHANGELOG.md").lines());
        String[] releases = changelog.split("(?m)^## ");

        assertThat(releases).hasSizeGreaterThan(1);
        for (int i = 1; i < releases.length; i++) {
            assertThat(releases[i]).contains("### Replay compatibility");
        }
    }

    /** README and quickstart show these, and nobody types them there: they have tests of their own. */
    @Test
    void whatTheShownCommandsLeaveOutIsTestedElsewhere() {
        Path tests = Sources.HOME.resolve("system-tests/src/test/java/dev/airlock/system");
        assertThat(Sources.text(tests.resolve("DemoIT.java"))).contains("--kill-worker");
        assertThat(Sources.text(tests.resolve("DemoProcess.java"))).contains("\"demo\"");
        assertThat(Sources.text(Sources.HOME.resolve(".ci/run"))).contains("./airlock test");
        assertThat(Sources.text(Sources.HOME.resolve("scripts/test.sh"))).contains("scripts/setup.sh");
    }
}
