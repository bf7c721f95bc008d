package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.starter.cloudevent.Cause;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who writes a verifier or a subscriber finds each type of event and each problem. */
class EventsPageTest {
    private static final Page PAGE = Page.of("docs/events.md");
    private static final Pattern EMITTED =
            Pattern.compile("\"((?:run|step|review|promotion|sandbox)\\.[a-z]+)\"|(?<=type\\(\")[a-z.]+(?=\"\\))");

    @Test
    void listsEveryTypeThatIsWritten() {
        Set<String> told = new TreeSet<>();
        PAGE.table("Types").forEach(row -> told.addAll(Page.codes(row.getFirst())));

        assertThat(told).containsAll(emitted());
        assertThat(emitted()).hasSizeGreaterThan(10);
    }

    @Test
    void listsEveryProblemOfTheVerifier() {
        List<String> told = PAGE.table("What a verifier says").stream()
                .map(row -> Page.codes(row.getFirst()).getFirst())
                .toList();
        assertThat(told)
                .containsExactlyElementsOf(Arrays.stream(AuditProblem.Kind.values())
                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void explainsEveryCauseOfADeadLetter() {
        List<String> told = PAGE.table("Causes").stream()
                .map(row -> Page.codes(row.getFirst()).getFirst())
                .toList();
        assertThat(told)
                .containsExactlyElementsOf(
                        Arrays.stream(Cause.values()).map(Cause::name).toList());
    }

    private static Set<String> emitted() {
        return Sources.files(name -> name.matches("(workflows|evidence)/src/main/java/.*\\.java")).stream()
                .flatMap(file -> EMITTED.matcher(Sources.code(file)).results())
                .map(found -> found.group(1) == null ? found.group() : found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
