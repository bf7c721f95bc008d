package dev.airlock.cli;

import dev.airlock.cli.help.CommandGroup;
import dev.airlock.cli.help.HelpPage;
import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Synopsis;
import dev.airlock.cli.session.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The page about the command line, out of what the commands say of themselves and of the frozen answers. */
final class Reference {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private final CommandLine root;
    private final List<CommandGroup> groups;
    private final StringBuilder page = new StringBuilder();

    private Reference(CommandLine root, List<CommandGroup> groups) {
        this.root = root;
        this.groups = groups;
    }

    static String of(CommandLine root, List<CommandGroup> groups) throws IOException {
        Reference reference = new Reference(root, groups);
        reference.head();
        for (CommandGroup group : groups) {
            reference.line("## " + group.heading()).line("");
            for (String name : group.names()) {
                reference.command(Objects.requireNonNull(root.getSubcommands().get(name), name));
            }
        }
        return reference.page.toString().stripTrailing() + "\n";
    }

    private Reference line(String text) {
        page.append(text).append('\n');
        return this;
    }

    private void head() throws IOException {
        line("# Command line").line("");
        line(
                "Made from the commands themselves; a test compares. `airlock COMMAND --help` says the same in a terminal, and");
        line("`source <(airlock completion bash)` makes the Tab key know it. From a source tree, write `./airlock`.")
                .line("");
        for (CommandGroup group : groups) {
            String links = group.names().stream()
                    .map(name -> "[" + name + "](#airlock-" + name + ")")
                    .collect(Collectors.joining(", "));
            line("- " + group.heading() + ": " + links);
        }
        line("").line("## Every command").line("");
        line("These options stand before or after any command.").line("");
        options(HelpPage.everywhere(root.getCommandSpec()));
        line(
                "Exit code: **0** yes, **1** a definite no, **2** could not find out. What a command adds to that stands with it.");
        line("");
        line(
                "With `-o json` stdout is one object (one a line where a command streams), and everything else goes to stderr.");
        line(
                "Every object has `schema`; what is not there is `null`; times are exact. Adding members is no break, so skip those");
        line("you do not know. A refused action prints the error object alone; its codes are in");
        line("[operations](operations.md#error-codes):").line("");
        golden("error");
        line(
                "Text is for people: it may change, its times are in words, and it is coloured on a terminal only. `NO_COLOR`,");
        line("`TERM=dumb` and a pipe mean plain text, `CLICOLOR_FORCE=1` colours in a pipe too (for `less -R`).")
                .line("");
        line(
                "A run may be named by the start of its id (`run-` and at least four characters) where no other run has the same.");
        line("");
    }

    private void command(CommandLine command) throws IOException {
        CommandSpec spec = command.getCommandSpec();
        line((spec.parent().parent() == null ? "### `" : "#### `") + spec.qualifiedName() + "`")
                .line("");
        line(String.join(" ", spec.usageMessage().description())).line("");
        if (!command.getSubcommands().isEmpty()) {
            for (CommandLine each : command.getSubcommands().values()) {
                command(each);
            }
            return;
        }
        line("```text").line(Synopsis.line(spec)).line("```").line("");
        options(own(spec));
        List<String> remarks = Words.remarks(spec);
        if (!remarks.isEmpty()) {
            remarks.forEach(this::line);
            line("");
        }
        exitCodes(spec);
        line("```sh");
        Words.examples(spec).forEach(this::line);
        line("```").line("");
        String name = String.join("-", words(spec));
        if (Files.exists(GOLDEN.resolve(name + ".json"))) {
            line("With `-o json`:").line("");
            golden(name);
        }
    }

    private static List<String> words(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of(spec.qualifiedName().split(" ")));
        words.removeFirst();
        return words;
    }

    private static List<ArgSpec> own(CommandSpec spec) {
        Stream<ArgSpec> positional = spec.positionalParameters().stream().map(each -> each);
        Stream<ArgSpec> options = spec.options().stream()
                .filter(option -> !Action.everywhere(option))
                .map(each -> each);
        return Stream.concat(positional, options).filter(each -> !each.hidden()).toList();
    }

    private void options(List<? extends ArgSpec> arguments) {
        if (arguments.isEmpty()) {
            return;
        }
        line("| | |").line("|---|---|");
        for (ArgSpec each : arguments) {
            line("| `" + cell(name(each)) + "` | " + cell(String.join(" ", each.description())) + " |");
        }
        line("");
    }

    private static String name(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return argument.paramLabel();
        }
        String names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private void exitCodes(CommandSpec spec) {
        String codes = spec.usageMessage().exitCodeList().entrySet().stream()
                .map(each -> "**" + each.getKey() + "** " + each.getValue())
                .collect(Collectors.joining(" · "));
        line("Exit code: " + codes + ".").line("");
    }

    private void golden(String name) throws IOException {
        line("```json")
                .line(Files.readString(GOLDEN.resolve(name + ".json")).strip())
                .line("```")
                .line("");
    }
}
