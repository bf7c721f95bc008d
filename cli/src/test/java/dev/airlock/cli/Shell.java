package dev.airlock.cli;

import dev.airlock.cli.session.Environment;
import dev.airlock.cli.session.Environment.Terminals;
import dev.airlock.cli.session.Session;
import dev.airlock.starter.AirlockClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;

/** Calls the program as a shell would. */
final class Shell {
    private final Map<String, String> variables = new HashMap<>(Map.of("USER", "anna"));
    private final AirlockClient client;
    private Terminals terminals = Terminals.NONE;
    private String input = "";

    Shell(AirlockClient client) {
        this.client = client;
    }

    Shell with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** Somebody sits there and types this. */
    Shell onTerminal(String typed) {
        terminals = new Terminals(true, true, true);
        input = typed;
        return this;
    }

    /** What came of a call. */
    record Result(int code, String out, String err) {}

    /** The tree of commands, for those who look at what it says of itself. */
    static CommandLine commands() {
        Environment environment =
                new Environment(Map.of(), InputStream.nullInputStream(), System.out, System.err, Terminals.NONE);
        return new Program(new Session(environment, session -> new FakeClient())).commands();
    }

    Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Environment environment = new Environment(
                variables,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminals);
        int code = new Program(new Session(environment, session -> client)).run(arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
