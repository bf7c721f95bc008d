package dev.airlock.cli.help;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
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
        answers().raw((head() + script).getBytes(StandardCharsets.UTF_8));
        return YES;
    }

    /** In zsh the script goes over the bridge to bash's completion, which stands on zsh's own. */
    private String head() {
        return switch (shell) {
            case BASH -> "";
            case ZSH -> "autoload -Uz compinit && compinit -i\nautoload -Uz bashcompinit && bashcompinit\n";
        };
    }
}
