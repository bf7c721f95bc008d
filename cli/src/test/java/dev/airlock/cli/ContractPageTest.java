package dev.airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.deadletter.Settlement;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.sandbox.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/contract.md tells what is in the code: every word, and the members of every frozen answer. */
class ContractPageTest {
    private static final Path PAGE = Path.of("../docs/contract.md");
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /** These freeze refusals. */
    private static final Set<String> REFUSALS = Set.of("error", "workspace-absent");

    @Test
    void namesEveryWord() throws IOException {
        assertThat(Files.readAllLines(PAGE))
                .contains(
                        row("a run's `state`", RunState.values()),
                        row("a run's `outcome`", Outcome.values()),
                        row("a step's `state`", StepState.values()),
                        row("a step's `verdict`", Verdict.values()),
                        row("a step's `limit`", Limit.values()),
                        row("a problem's `kind` in `audit verify`", AuditProblem.Kind.values())
                                .toLowerCase(Locale.ROOT),
                        row("a dead letter's `cause`", Cause.values()),
                        row("what became of a dead letter", Settlement.How.values()));
    }

    private static String row(String of, Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> "`" + value.name() + "`")
                .collect(Collectors.joining(", ", "| " + of + " | ", " |"));
    }

    @Test
    void showsTheMembersOfEveryAnswer() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        List<String> rows = page.subList(page.indexOf("| command | members |") + 2, page.size());

        assertThat(rows).containsExactlyElementsOf(answers());
    }

    private static List<String> answers() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(GOLDEN)) {
            files = all.sorted().toList();
        }
        List<String> rows = new ArrayList<>();
        for (Path file : files) {
            String name = file.getFileName().toString().replace(".json", "");
            if (!REFUSALS.contains(name)) {
                rows.add("| `" + name + "` | `" + members(Payloads.mapper().readTree(file.toFile())) + "` |");
            }
        }
        return rows;
    }

    private static String members(JsonNode object) {
        return object.properties().stream()
                .filter(member -> !member.getKey().equals("schema"))
                .map(member -> member.getKey() + inside(member.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String inside(JsonNode value) {
        if (value.isArray()) {
            return ":[" + (value.path(0).isObject() ? members(value.path(0)) : "") + "]";
        }
        return value.isObject() && !value.isEmpty() ? ":" + members(value) : "";
    }
}
