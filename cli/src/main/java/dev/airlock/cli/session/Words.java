package dev.airlock.cli.session;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Commands, options and values as a person writes them. */
public final class Words {
    private static final String EXAMPLES = "Examples:";

    private Words() {}

    /** {@code --dir DIR}, or {@code WORKSPACE}. */
    static String argument(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return argument.paramLabel();
        }
        return option.arity().max() == 0 ? option.longestName() : option.longestName() + " " + option.paramLabel();
    }

    /** {@code --dir}, or {@code WORKSPACE}. */
    static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    /** What an option of a few words takes; empty for all others. */
    public static List<String> values(ArgSpec argument) {
        Class<?> type = argument.type();
        if (!type.isEnum()) {
            return List.of();
        }
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> word((Enum<?>) constant))
                .toList();
    }

    /** A constant as it is typed: {@code waiting-review}. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code a, b or c}. */
    public static String either(List<String> words) {
        if (words.size() < 2) {
            return String.join("", words);
        }
        return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }

    /** {@code a, b and c}. */
    static String all(List<String> words) {
        if (words.size() < 2) {
            return String.join("", words);
        }
        return String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }

    /** The commands that its help shows as examples. */
    public static List<String> examples(CommandSpec command) {
        return Arrays.stream(command.usageMessage().footer())
                .dropWhile(line -> !line.equals(EXAMPLES))
                .skip(1)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** What its help says between the options and the examples. */
    public static List<String> remarks(CommandSpec command) {
        return Arrays.stream(command.usageMessage().footer())
                .takeWhile(line -> !line.equals(EXAMPLES))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** Every command that does something, by its words without the program's: {@code workspace create}. */
    static List<String> commands(CommandLine root) {
        return root.getSubcommands().entrySet().stream()
                .flatMap(each -> each.getValue().getSubcommands().isEmpty()
                        ? Stream.of(each.getKey())
                        : commands(each.getValue()).stream().map(word -> each.getKey() + " " + word))
                .collect(Collectors.toList());
    }
}
