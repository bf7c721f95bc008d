package dev.airlock.cli.session;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** How a command is written: what it needs first, then what it may take. Options of every command are left out. */
public final class Synopsis {
    private Synopsis() {}

    /** In one line, without colours. */
    public static String line(CommandSpec command) {
        return String.join(" ", parts(command));
    }

    /** What must not be torn apart at a line's end, each. */
    public static List<String> parts(CommandSpec command) {
        List<String> parts = new ArrayList<>(List.of(command.qualifiedName()));
        Set<ArgSpec> grouped = new LinkedHashSet<>();
        command.argGroups().forEach(group -> grouped.addAll(group.args()));
        command.positionalParameters().stream()
                .filter(each -> !each.hidden() && !grouped.contains(each))
                .map(Synopsis::positional)
                .forEach(parts::add);
        command.argGroups().stream().map(Synopsis::group).forEach(parts::add);
        List<OptionSpec> own = command.options().stream()
                .filter(each -> !each.hidden() && !Action.everywhere(each) && !grouped.contains(each))
                .toList();
        own.stream().filter(ArgSpec::required).map(Words::argument).forEach(parts::add);
        own.stream()
                .filter(each -> !each.required())
                .map(each -> "[" + Words.argument(each) + "]")
                .forEach(parts::add);
        if (!command.subcommands().isEmpty()) {
            parts.add("COMMAND");
        }
        return parts;
    }

    private static String positional(PositionalParamSpec each) {
        String label = each.paramLabel() + (each.arity().max() > 1 ? "..." : "");
        return each.required() ? label : "[" + label + "]";
    }

    private static String group(ArgGroupSpec group) {
        String choice = group.args().stream().map(Words::argument).collect(Collectors.joining(" | "));
        return group.multiplicity().min() > 0 ? "(" + choice + ")" : "[" + choice + "]";
    }
}
