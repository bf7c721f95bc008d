package dev.airlock.cli.help;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Words;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete commands and options. */
@Command(
        name = "completion",
        description = "Print a completion script for your shell: the Tab key then knows commands, options and values.",
        footer = {
            "",
            "Works for ./airlock too. To keep it, put the first example's line into ~/.bashrc, or the second's into ~/.zshrc.",
            "",
            "Examples:",
            "  source <(airlock completion bash)",
            "  source <(airlock completion zsh)",
            "  airlock completion bash > ~/.local/share/bash-completion/completions/airlock"
        })
public final class CompletionCommand extends Action {
    /** Shells that can. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(index = "0", paramLabel = "bash|zsh", description = "The shell that is to understand it.")
    private Shell shell = Shell.BASH;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public CompletionCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        String script = AutoComplete.bash(spec.root().name(), spec.root().commandLine());
        answers().raw((head() + typed(script, spec.root().commandLine())).getBytes(StandardCharsets.UTF_8));
        return YES;
    }

    /** The library offers constants by their names in Java. */
    private static String typed(String script, CommandLine command) {
        String better = script;
        for (ArgSpec argument : command.getCommandSpec().args()) {
            if (argument.type().isEnum()) {
                List<String> names = Arrays.stream(argument.type().getEnumConstants())
                        .map(constant -> ((Enum<?>) constant).name())
                        .toList();
                better = better.replace(quoted(names), quoted(Words.values(argument)));
            }
        }
        for (CommandLine each : command.getSubcommands().values()) {
            better = typed(better, each);
        }
        return better;
    }

    private static String quoted(List<String> words) {
        return "(\"" + String.join("\" \"", words) + "\")";
    }

    /** In zsh the script goes over the bridge to bash's completion, which stands on zsh's own. */
    private String head() {
        return switch (shell) {
            case BASH -> "";
            case ZSH -> "autoload -Uz compinit && compinit -i\nautoload -Uz bashcompinit && bashcompinit\n";
        };
    }
}
