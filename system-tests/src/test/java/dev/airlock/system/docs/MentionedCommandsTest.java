package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.cli.Program;
import dev.airlock.cli.session.Environment;
import dev.airlock.cli.session.Session;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command and option that any page speaks of is known to the program. */
class MentionedCommandsTest {
    private static final Pattern CALL = Pattern.compile("^(?:\\$ )?(?:\\./)?airlock ((?:[a-z-]+|[^`#;|&])*)");
    private static final Pattern WORD = Pattern.compile("[a-z]+(-[a-z]+)*");
    private static final Pattern OPTION = Pattern.compile("(?<= )--[a-z][a-z-]*");

    private final Map<List<String>, String> helps = new HashMap<>();

    @Test
    void isKnown() {
        List<String> unknown = new ArrayList<>();
        int mentions = 0;
        for (Page page : Page.all()) {
            for (String call : calls(page)) {
                mentions++;
                String help = helps.computeIfAbsent(words(call), MentionedCommandsTest::help);
                if (help.isEmpty()) {
                    unknown.add(page + ": airlock " + call);
                }
                OPTION.matcher(" " + call)
                        .results()
                        .map(MatchResult::group)
                        .filter(option -> !help.contains(option))
                        .forEach(option -> unknown.add(page + ": " + option + " of airlock " + call));
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(mentions).isGreaterThan(40);
    }

    private static List<String> calls(Page page) {
        Stream<String> inBlocks =
                page.blocks().stream().flatMap(block -> block.text().lines());
        Stream<String> inText = Page.codes(String.join("\n", page.prose())).stream();
        return Stream.concat(inBlocks, inText)
                .flatMap(text -> CALL.matcher(text.strip()).results())
                .map(call -> call.group(1).strip())
                .filter(call -> !call.isEmpty())
                .toList();
    }

    /** The command, and what may be its subcommand. */
    private static List<String> words(String call) {
        return Stream.of(call.split(" "))
                .takeWhile(word -> WORD.matcher(word).matches())
                .limit(2)
                .toList();
    }

    /** Empty when there is no such command. */
    private static String help(List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Environment environment =
                new Environment(Map.of(), InputStream.nullInputStream(), stream, stream, Environment.Terminals.NONE);
        List<String> arguments = new ArrayList<>(words);
        arguments.add("--help");
        Session session = new Session(environment, asked -> {
            throw new AssertionError("help asks no server");
        });
        new Program(session).run(arguments.toArray(String[]::new));
        String help = out.toString(StandardCharsets.UTF_8);
        // Of a word that it does not know the program shows the help of what stands before it.
        String usage = help.lines()
                .filter(line -> line.contains("Usage: "))
                .findFirst()
                .orElse("");
        boolean group = usage.endsWith("COMMAND");
        String command = words.isEmpty() ? "" : words.getFirst();
        boolean known = usage.contains("airlock " + command) && !(group && words.size() > 1);
        return known ? help : "";
    }
}
