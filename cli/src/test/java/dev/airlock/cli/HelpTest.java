package dev.airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.cli.session.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the program says about itself. */
class HelpTest {
    private static final String DIGEST = "sha256:" + "0".repeat(64);
    private static final Pattern CALL = Pattern.compile("(?:^|[(|&;] ?)(?:\\./)?airlock\\b([^|&;>()#]*)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    static List<String> everyCommand() {
        List<String> names = new ArrayList<>();
        collect(Shell.commands(), "", names);
        return names;
    }

    private static void collect(CommandLine command, String name, List<String> names) {
        names.add(name);
        command.getSubcommands().forEach((word, each) -> collect(each, (name + " " + word).strip(), names));
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void explainsEveryCommand(String name) {
        String[] words = (name + " --help").strip().split(" ");
        Shell.Result help = new Shell(new FakeClient()).run(words);

        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .startsWith("Usage: airlock " + name)
                .contains("--state", "--output", "Exit code:", "Examples:\n  ")
                .doesNotContain("@|", "$$", "\u001b");
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 130);
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void givesExamplesThatParse(String name) {
        List<String> examples =
                Words.examples(command(name).getCommandSpec()).stream().toList();
        assertThat(examples).isNotEmpty();
        assertThat(examples).anySatisfy(line -> assertThat(line).contains(("airlock " + name).strip()));
        examples.forEach(HelpTest::parse);
    }

    private static void parse(String example) {
        String whole = example.replaceAll("sha256:[0-9a-f]+\\.\\.\\.", DIGEST);
        int calls = parseCalls(whole.replaceAll("\"\\$\\([^)]*\\)\"", DIGEST));
        Matcher inner = Pattern.compile("\\$\\(([^)]*)\\)").matcher(whole);
        while (inner.find()) {
            calls += parseCalls(inner.group(1));
        }
        assertThat(calls).as(example).isPositive();
    }

    private static int parseCalls(String line) {
        int calls = 0;
        Matcher call = CALL.matcher(line);
        while (call.find()) {
            List<String> words = new ArrayList<>();
            Matcher word = WORD.matcher(call.group(1));
            while (word.find()) {
                words.add(word.group(1) == null ? word.group(2) : word.group(1));
            }
            Shell.commands().parseArgs(words.toArray(String[]::new));
            calls++;
        }
        return calls;
    }

    static CommandLine command(String name) {
        CommandLine command = Shell.commands();
        for (String word : name.split(" ")) {
            if (!word.isEmpty()) {
                command = Objects.requireNonNull(command.getSubcommands().get(word));
            }
        }
        return command;
    }

    @Test
    void putsEveryCommandIntoAGroup() {
        List<String> grouped = Commands.GROUPS.stream()
                .flatMap(group -> group.names().stream())
                .toList();
        assertThat(grouped).containsAll(Shell.commands().getSubcommands().keySet());
        assertThat(new Shell(new FakeClient()).run("--help").out())
                .containsSubsequence("Start here:", "Runs:", "Review:", "Audit:", "Installation:")
                .doesNotContain("More:");
    }

    @Test
    void fitsTheTerminal() {
        String narrow = new Shell(new FakeClient())
                .onTerminal("")
                .with("NO_COLOR", "1")
                .with("COLUMNS", "70")
                .with("LINES", "24")
                .run("push", "--help")
                .out();
        String text = narrow.substring(0, narrow.indexOf("Examples:"));
        assertThat(text.lines()).allMatch(line -> line.length() <= 70);
    }

    @Test
    void isColouredOnATerminalAlone() {
        assertThat(new Shell(new FakeClient()).run("push", "--help").out()).doesNotContain("\u001b");
        assertThat(new Shell(new FakeClient())
                        .onTerminal("")
                        .with("COLUMNS", "100")
                        .with("LINES", "40")
                        .run("push", "--help")
                        .out())
                .contains("\u001b[1mExamples:");
    }

    @Test
    void showsWhatItCanDoToWhoeverTypesItsNameAlone() {
        Shell.Result alone = new Shell(new FakeClient()).onTerminal("").run();
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.out()).isEmpty();
        assertThat(alone.err()).contains("Start here:");
        assertThat(new Shell(new FakeClient()).run("-o", "json").out()).contains("\"USAGE\"");
    }

    @ParameterizedTest
    @CsvSource({"bash, complete -F _complete_airlock", "zsh, bashcompinit", "BASH, request-changes"})
    void completes(String shell, String part) {
        Shell.Result script = new Shell(new FakeClient()).run("completion", shell);
        assertThat(script.code()).isZero();
        assertThat(script.err()).isEmpty();
        assertThat(script.out())
                .contains(part, "--evidence", "(\"text\" \"json\")", "(\"review\" \"end\")")
                .endsWith("\n");
    }
}
