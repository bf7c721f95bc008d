package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.activities.hostile.HostileCase;
import dev.airlock.activities.hostile.HostileExceptions;
import dev.airlock.activities.hostile.HostileSuite;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * docs/hostile.md names every case and every exception there is, with what the kept control run saw. {@code -Dgolden=write}
 * writes its tables anew. It needs the suite's program.
 */
class HostilePageIT {
    private static final Path PAGE = Sources.HOME.resolve("docs/hostile.md");
    private static final Path CONTROL = Sources.HOME.resolve("hostile/control.json");

    private final HostileSuite suite;
    private final Map<String, JsonNode> control = new HashMap<>();
    private final JsonNode run;

    HostilePageIT() throws IOException {
        suite = HostileSuite.of(Sources.HOME.resolve("hostile/target/hostile"));
        run = Payloads.mapper().readTree(CONTROL.toFile());
        run.path("cases").forEach(one -> control.put(one.path("name").asText(), one));
    }

    @Test
    void namesEveryCaseAndWhatTheControlRunSaw() throws IOException {
        assertPart("cases", cases());
    }

    @Test
    void namesEveryExceptionWithItsReason() throws IOException {
        assertPart("exceptions", exceptions());
        assertThat(HostileExceptions.all())
                .allSatisfy(known -> assertThat(suite.find(known.name())).isPresent());
    }

    @Test
    void saysWhenAndOnWhatTheControlRunWas() throws IOException {
        assertThat(Files.readString(PAGE))
                .contains("docker " + run.path("docker").asText() + ", "
                        + run.path("date").asText());
    }

    /** Each case either got through a plain container, or it is said why it could not. */
    @Test
    void everyCaseHasTeethOrAReason() {
        for (HostileCase one : suite.cases()) {
            assertThat(control).as("hostile/control.json").containsKey(one.name());
            boolean through = Objects.requireNonNull(control.get(one.name()))
                    .path("verdict")
                    .asText()
                    .equals("breached");
            assertThat(through).as("%s got through", one.name()).isEqualTo(one.plain() == null);
        }
    }

    private static void assertPart(String name, String wanted) throws IOException {
        String page = Files.readString(PAGE);
        Matcher part =
                Pattern.compile("(?s)<!-- " + name + " -->\n(.*?)<!-- end -->").matcher(page);
        assertThat(part.find()).isTrue();
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, page.substring(0, part.start(1)) + wanted + page.substring(part.end(1)));
        } else {
            assertThat(part.group(1)).isEqualTo(wanted);
        }
    }

    private String cases() {
        StringBuilder text = new StringBuilder();
        for (HostileSuite.Group group : suite.groups()) {
            text.append("\n### ").append(group.name()).append("\n\n");
            text.append(capital(group.about())).append(".\n\n");
            text.append("| case | what it does | what must be | in a plain container |\n|---|---|---|---|\n");
            suite.cases().stream()
                    .filter(one -> one.group().equals(group.name()))
                    .forEach(one -> text.append(row(one)));
        }
        return text.append('\n').toString();
    }

    private String row(HostileCase one) {
        JsonNode seen = control.get(one.name());
        String plain = one.plain() != null
                ? "held: " + one.plain()
                : "**through**: " + (seen == null ? "" : seen.path("detail").asText());
        return "| `" + one.name() + "` | " + cell(one.does()) + " | " + cell(one.must()) + " | " + cell(plain) + " |\n";
    }

    private static String exceptions() {
        if (HostileExceptions.all().isEmpty()) {
            return "\nThere is none.\n\n";
        }
        StringBuilder text = new StringBuilder("\n| tier | case | why |\n|---|---|---|\n");
        HostileExceptions.all()
                .forEach(known -> text.append("| `")
                        .append(known.tier())
                        .append("` | `")
                        .append(known.name())
                        .append("` | ")
                        .append(cell(known.reason()))
                        .append(" |\n"));
        return text.append('\n').toString();
    }

    private static String capital(String text) {
        return text.startsWith("/") ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
    }
}
