package dev.airlock.cli.help;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Synopsis;
import dev.airlock.cli.session.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The page behind {@code --help}: how it is written, what it is for, its own options, exit codes, examples. */
public final class HelpPage {
    private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

    static {
        EXIT_CODES.put("0", "yes");
        EXIT_CODES.put("1", "a definite no");
        EXIT_CODES.put("2", "could not find out: a usage error, not found, unavailable");
    }

    private final List<CommandGroup> groups;

    private HelpPage(List<CommandGroup> groups) {
        this.groups = groups;
    }

    /** Gives it to a command and all below it. */
    public static void install(CommandLine root, List<CommandGroup> groups) {
        HelpPage page = new HelpPage(groups);
        Map<String, IHelpSectionRenderer> sections = new LinkedHashMap<>();
        sections.put("synopsis", page::synopsis);
        sections.put("description", help -> help.description());
        sections.put("arguments", page::arguments);
        sections.put("commands", page::commands);
        sections.put("everywhere", page::everywhere);
        sections.put("remarks", page::remarks);
        sections.put("exit", page::exitCodes);
        sections.put("examples", page::examples);
        root.setHelpSectionKeys(List.copyOf(sections.keySet()));
        root.setHelpSectionMap(sections);
        tellExitCodes(root);
    }

    private static void tellExitCodes(CommandLine command) {
        if (command.getCommandSpec().usageMessage().exitCodeList().isEmpty()) {
            command.getCommandSpec().usageMessage().exitCodeList(EXIT_CODES);
        }
        command.getSubcommands().values().forEach(HelpPage::tellExitCodes);
    }

    private String synopsis(Help help) {
        return wrapped(help, "Usage: ", Synopsis.parts(help.commandSpec()));
    }

    private String arguments(Help help) {
        List<OptionSpec> own = help.commandSpec().options().stream()
                .filter(option -> !Action.everywhere(option) && !option.hidden())
                .toList();
        String parameters = help.parameterList();
        if (own.isEmpty() && parameters.isEmpty()) {
            return "";
        }
        return "\n" + parameters + help.optionListExcludingGroups(own);
    }

    private String everywhere(Help help) {
        List<OptionSpec> options = everywhere(help.commandSpec());
        if (help.commandSpec().parent() == null) {
            return heading(help, "Options of every command, before or after it")
                    + help.optionListExcludingGroups(options);
        }
        List<String> words = new ArrayList<>();
        options.stream()
                .map(option -> names(option) + (option.arity().max() == 0 ? "" : " " + option.paramLabel()))
                .map(each -> each + ",")
                .forEach(words::add);
        words.add("told by `" + help.commandSpec().root().name() + " --help`");
        return "\n" + wrapped(help, "Of every command: ", words);
    }

    /** Those that stand on every command, in their order: what reflection finds first changes from run to run. */
    public static List<OptionSpec> everywhere(CommandSpec command) {
        return command.options().stream()
                .filter(option -> Action.everywhere(option) && !option.hidden())
                .sorted(Comparator.comparingInt(OptionSpec::order))
                .toList();
    }

    private static String names(OptionSpec option) {
        return String.join("|", option.names());
    }

    private String commands(Help help) {
        Map<String, Help> all = help.subcommands();
        if (all.isEmpty()) {
            return "";
        }
        if (help.commandSpec().parent() != null) {
            return heading(help, "Commands") + help.commandList(all);
        }
        List<String> told =
                groups.stream().flatMap(group -> group.names().stream()).toList();
        List<String> rest =
                all.keySet().stream().filter(name -> !told.contains(name)).toList();
        return Stream.concat(groups.stream(), Stream.of(new CommandGroup("More", rest)))
                .map(group -> group(help, group))
                .collect(Collectors.joining());
    }

    private static String group(Help help, CommandGroup group) {
        Map<String, Help> members = new LinkedHashMap<>();
        group.names().stream()
                .filter(help.subcommands()::containsKey)
                .forEach(name -> members.put(name, help.subcommands().get(name)));
        return members.isEmpty() ? "" : heading(help, group.heading()) + help.commandList(members);
    }

    private String remarks(Help help) {
        List<String> words = Words.remarks(help.commandSpec()).stream()
                .flatMap(line -> Stream.of(line.split(" ")))
                .toList();
        return words.isEmpty() ? "" : "\n" + wrapped(help, "", words);
    }

    private String exitCodes(Help help) {
        StringBuilder lines = new StringBuilder(heading(help, "Exit code"));
        help.commandSpec()
                .usageMessage()
                .exitCodeList()
                .forEach((code, meaning) ->
                        lines.append(wrapped(help, "  " + code + "  ", List.of(meaning.split(" ")))));
        return lines.toString();
    }

    private String examples(Help help) {
        List<String> examples = Words.examples(help.commandSpec());
        if (examples.isEmpty()) {
            return "";
        }
        return heading(help, "Examples")
                + examples.stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
    }

    private static String heading(Help help, String text) {
        return "\n" + help.ansi().string("@|bold " + text + ":|@") + "\n";
    }

    /** Parts in as few lines as they fit in; those after the first begin where the first part does. */
    private static String wrapped(Help help, String head, List<String> parts) {
        int width = help.commandSpec().usageMessage().width();
        StringBuilder lines =
                new StringBuilder(head.isBlank() ? head : help.ansi().string("@|bold " + head + "|@"));
        int column = head.length();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (i > 0 && column + 1 + part.length() > width) {
                lines.append('\n').append(" ".repeat(head.length()));
                column = head.length();
            } else if (i > 0) {
                lines.append(' ');
                column++;
            }
            lines.append(part);
            column += part.length();
        }
        return lines.append('\n').toString();
    }
}
