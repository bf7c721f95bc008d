package dev.airlock.cli.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.workflows.Payloads;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where answers go: one JSON object on stdout for programs, text for people; errors in the one or the other form. */
public final class Answers {
    /** What is not there is null rather than absent: a program may rely on every member. */
    private static final ObjectMapper MAPPER = Payloads.mapper()
            .copy()
            .setDefaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS));

    private final Environment environment;
    private final Format format;

    Answers(Environment environment, Format format) {
        this.environment = environment;
        this.format = format;
    }

    public boolean json() {
        return format == Format.JSON;
    }

    /** Writes the object, or what {@code text} makes of it. */
    public <T> void give(T answer, Consumer<Text> text) {
        if (json()) {
            environment.out().println(line(answer));
            environment.out().flush();
            return;
        }
        text(text);
    }

    /** Writes lines for people. */
    public void text(Consumer<Text> text) {
        Text lines = new Text(environment.colours());
        text.accept(lines);
        environment.out().print(lines);
        environment.out().flush();
    }

    /** Writes a line of exactly these bytes. */
    public void record(byte[] line) {
        environment.out().write(line, 0, line.length);
        environment.out().write('\n');
        environment.out().flush();
    }

    /** Writes bytes as they are. */
    public void raw(byte[] bytes) {
        environment.out().write(bytes, 0, bytes.length);
        environment.out().flush();
    }

    /** A line for the person beside the answer. */
    public void note(String line) {
        environment.err().println(Visible.text(line));
    }

    /** Whether nobody reads any more. */
    public boolean broken() {
        return environment.out().checkError();
    }

    void error(AirlockException e) {
        if (json()) {
            Failure failure = new Failure(e.code().name(), e.text(), e.subject(), e.hint());
            environment.out().println(line(new FailureAnswer(failure)));
            environment.out().flush();
            return;
        }
        String hint = e.hint() == null ? "" : " (" + e.hint() + ")";
        environment.err().println(Visible.line("airlock: " + e.text() + hint));
        environment.err().flush();
    }

    /** One line of JSON whose first member is the schema. */
    public static String line(Object answer) {
        JsonNode tree = MAPPER.valueToTree(answer);
        ObjectNode object = MAPPER.createObjectNode().put("schema", Endpoints.SCHEMA);
        tree.properties().forEach(member -> object.set(member.getKey(), member.getValue()));
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written as JSON", e);
        }
    }

    private record FailureAnswer(Failure error) {}

    private record Failure(
            String code,
            String message,
            @Nullable String subject,
            @Nullable String hint) {}
}
