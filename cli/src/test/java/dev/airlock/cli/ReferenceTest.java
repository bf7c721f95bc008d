package dev.airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/** docs/cli.md says what the commands do. {@code -Dgolden=write} writes it anew; look at the difference then. */
class ReferenceTest {
    private static final Path PAGE = Path.of("../docs/cli.md");
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /** These answer with something else: exact records, a script, or what the launcher itself says. */
    private static final Set<String> WITHOUT_OBJECT = Set.of("audit show", "completion", "setup", "test", "bench");

    @Test
    void isWhatTheCommandsSayOfThemselves() throws IOException {
        String page = Reference.of(Shell.commands(), Commands.GROUPS);
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(page).isEqualTo(Files.readString(PAGE));
    }

    @Test
    void showsTheObjectOfEveryCommand() {
        List<String> commands = HelpTest.everyCommand().stream()
                .filter(name -> HelpTest.command(name).getSubcommands().isEmpty())
                .filter(name -> !WITHOUT_OBJECT.contains(name))
                .toList();
        assertThat(commands)
                .hasSizeGreaterThan(20)
                .allSatisfy(name -> assertThat(GOLDEN.resolve(name.replace(' ', '-') + ".json"))
                        .exists());
    }

    @Test
    void knowsTheOptionsThatTheLauncherReadsItself() throws IOException {
        String script = Files.readString(Path.of("../scripts/setup.sh"));
        List<String> read = Pattern.compile("(?m)^ +(--[a-z]+)\\) ")
                .matcher(script)
                .results()
                .map(match -> match.group(1))
                .toList();
        List<String> told = HelpTest.command("setup").getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .toList();
        assertThat(read).contains("--docker");
        assertThat(told).containsAll(read);
    }
}
