package dev.airlock.cli.session;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that could not be understood, told in the words of whoever typed it. */
final class Misuse {
    private final ParameterException failure;
    private final CommandLine line;
    private final CommandSpec command;
    private final String name;

    private Misuse(ParameterException failure) {
        this.failure = failure;
        this.line = failure.getCommandLine();
        this.command = line.getCommandSpec();
        this.name = command.qualifiedName();
    }

    static AirlockException of(ParameterException failure) {
        Misuse misuse = new Misuse(failure);
        return misuse.told().causedBy(failure);
    }

    private AirlockException told() {
        // A word that nobody knows explains what is missing, not the other way round.
        Optional<String> stray = stray();
        if (stray.isPresent()) {
            return unknown(stray.get());
        }
        return switch (failure) {
            case MissingParameterException missing -> missing(missing);
            case MutuallyExclusiveArgsException exclusive -> exclusive();
            case OverwrittenOptionException twice ->
                usage(Words.name(twice.getOverwritten()) + " is given twice", "give it once");
            default -> value();
        };
    }

    private Optional<String> stray() {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched().stream().findFirst();
        }
        for (CommandLine each = line; each != null; each = each.getParent()) {
            Optional<String> option = each.getUnmatchedArguments().stream()
                    .filter(word -> word.startsWith("-") && word.length() > 1)
                    .findFirst();
            if (option.isPresent()) {
                return option;
            }
        }
        return Optional.empty();
    }

    private AirlockException unknown(String word) {
        if (word.startsWith("-") && word.length() > 1) {
            String typed = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            List<String> known = command.options().stream()
                    .filter(option -> !option.hidden())
                    .flatMap(option -> List.of(option.names()).stream())
                    .toList();
            return usage("`" + name + "` has no option " + typed, Nearest.question(typed, known, help()));
        }
        if (line.getSubcommands().isEmpty()) {
            return usage("`" + name + "` does not take '" + word + "'", "usage: " + Synopsis.line(command));
        }
        return usage("there is no command `" + name + " " + word + "`", meant(word));
    }

    private String meant(String word) {
        Optional<String> near = Nearest.of(word, line.getSubcommands().keySet());
        if (near.isPresent()) {
            return "did you mean `" + name + " " + near.get() + "`?";
        }
        CommandLine root = line;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        String program = root.getCommandName();
        List<String> elsewhere = Words.commands(root).stream()
                .filter(each -> each.endsWith(" " + word))
                .map(each -> "`" + program + " " + each + "`")
                .toList();
        return elsewhere.isEmpty() ? help() : "did you mean " + Words.either(elsewhere) + "?";
    }

    private AirlockException missing(MissingParameterException missing) {
        List<ArgSpec> absent = missing.getMissing();
        // The option is there and its value is not; the library says so in its message alone.
        String said = String.valueOf(missing.getMessage());
        if (said.contains("arameter for option") && absent.size() == 1) {
            return usage(
                    Words.name(absent.getFirst()) + " needs a value", "write " + Words.argument(absent.getFirst()));
        }
        List<String> needed = new ArrayList<>();
        for (ArgSpec each : absent) {
            String words = group(each).map(Misuse::choice).orElseGet(() -> Words.argument(each));
            if (!needed.contains(words)) {
                needed.add(words);
            }
        }
        if (needed.isEmpty()) {
            command.argGroups().stream().map(Misuse::choice).forEach(needed::add);
        }
        return usage("`" + name + "` needs " + Words.all(needed), example());
    }

    private Optional<ArgGroupSpec> group(ArgSpec argument) {
        return command.argGroups().stream()
                .filter(group -> group.args().stream()
                        .anyMatch(member -> Words.name(member).equals(Words.name(argument))))
                .findFirst();
    }

    private static String choice(ArgGroupSpec group) {
        return Words.either(group.args().stream().map(Words::argument).toList());
    }

    private AirlockException exclusive() {
        String said = String.valueOf(failure.getMessage());
        List<String> given = command.argGroups().stream()
                .flatMap(group -> group.args().stream())
                .filter(argument -> said.contains(Words.name(argument)))
                .map(Words::name)
                .toList();
        return usage(Words.all(given) + " do not go together", "give one of them");
    }

    /** A value of the wrong form. */
    private AirlockException value() {
        ArgSpec argument = failure.getArgSpec();
        String typed = failure.getValue();
        if (argument == null || typed == null) {
            return usage(plain(failure.getMessage()), help());
        }
        List<String> words = Words.values(argument);
        String of = Words.name(argument);
        if (!words.isEmpty()) {
            return usage(
                    of + " takes " + Words.either(words) + ", not '" + typed + "'",
                    Nearest.question(typed, words, help()));
        }
        Class<?> type = argument.type();
        if (type == boolean.class || type == Boolean.class) {
            return usage(of + " takes no value, not even '" + typed + "'", "write " + of + " alone");
        }
        if (type == int.class || type == Integer.class || type == long.class) {
            return usage(of + " takes a whole number, not '" + typed + "'", help());
        }
        if (failure.getCause() instanceof TypeConversionException own) {
            return usage(of + ": " + own.getMessage(), help());
        }
        return usage(of + " does not take '" + typed + "'", help());
    }

    private static String plain(@Nullable String message) {
        String said = message == null ? "cannot understand the command" : message;
        return said.startsWith("Error: ") ? said.substring("Error: ".length()) : said;
    }

    private String example() {
        List<String> examples = Words.examples(command);
        return examples.isEmpty() ? help() : "such as: " + examples.getFirst() + "; `" + name + " --help` says more";
    }

    private String help() {
        return "see `" + name + " --help`";
    }

    private AirlockException usage(String message, String hint) {
        return new AirlockException(ErrorCode.USAGE, message, name, hint);
    }
}
