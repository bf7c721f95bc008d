package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.kafka.KafkaSecurity;
import dev.airlock.platform.logging.LogFormat;
import dev.airlock.platform.settings.Settings;
import dev.airlock.platform.telemetry.TelemetryConfig;
import dev.airlock.starter.audit.AuditConfig;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.trigger.TriggerConfig;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.sandbox.Limit;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who is called at three in the morning finds each word that the product says, and no word that it does not. */
class OperationsPageTest {
    private static final Page PAGE = Page.of("docs/operations.md");
    private static final Pattern VARIABLE = Pattern.compile("\\bAIRLOCK_[A-Z][A-Z_]*[A-Z]\\b");
    private static final Pattern PART = Pattern.compile("root\\.resolve\\(\"([a-z.]+)\"\\)");

    @Test
    void explainsEveryFailureCode() {
        assertThat(firstCodes("Failure codes")).containsExactlyElementsOf(names(FailureType.values()));
        for (List<String> row : PAGE.table("Failure codes")) {
            FailureType type = FailureType.valueOf(Page.codes(row.getFirst()).getFirst());
            assertThat(row.get(1)).as("%s tried again", type).isEqualTo(type.retryable() ? "yes" : "no");
            assertThat(row).as("%s", type).hasSize(4).noneMatch(String::isEmpty);
        }
    }

    @Test
    void explainsEveryErrorCodeWithItsExitCode() {
        assertThat(firstCodes("Error codes")).containsExactlyElementsOf(names(ErrorCode.values()));
        for (List<String> row : PAGE.table("Error codes")) {
            ErrorCode code = ErrorCode.valueOf(Page.codes(row.getFirst()).getFirst());
            assertThat(row.get(1)).as("exit code of %s", code).isEqualTo(Integer.toString(code.exitCode()));
            assertThat(row).as("%s", code).hasSize(4).noneMatch(String::isEmpty);
        }
    }

    @Test
    void explainsStatesOutcomesVerdictsAndLimits() {
        assertThat(firstCodes("Run states")).containsExactlyElementsOf(names(RunState.values()));
        assertThat(firstCodes("Outcomes")).containsExactlyElementsOf(names(Outcome.values()));
        assertThat(firstCodes("Verdicts")).containsExactlyElementsOf(names(Verdict.values()));
        assertThat(firstCodes("Limits")).containsExactlyElementsOf(names(Limit.values()));
        assertThat(Page.codes(String.join("\n", PAGE.section("Run states")))).containsAll(names(StepState.values()));
    }

    @Test
    void saysOfEveryPartOfTheStateDirectoryWhetherItMayBeLost() {
        Set<String> told = new TreeSet<>();
        for (List<String> row : PAGE.table("What runs where")) {
            Page.codes(row.getFirst()).forEach(name -> told.add(name.replace("/", "")));
            assertThat(row).as("%s", row).hasSize(3).noneMatch(String::isEmpty);
        }
        Path source = Sources.HOME.resolve("platform/src/main/java/dev/airlock/platform/state/StateDirectory.java");

        assertThat(PART.matcher(Sources.code(source)).results().map(part -> part.group(1)))
                .isNotEmpty()
                .isSubsetOf(told);
    }

    @Test
    void listsEverySetting() {
        Set<String> told = new TreeSet<>(firstCodes("Settings"));
        Set<String> elsewhere = VARIABLE.matcher(String.join("\n", PAGE.section("Settings")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(elsewhere).as("in the text or the table").isEqualTo(variablesOfTheCode());
        assertThat(told).isNotEmpty();
    }

    /** What the code, the launcher and its scripts read or set. */
    private static Set<String> variablesOfTheCode() {
        Set<String> read = variablesOfSettings();
        Sources.files(OperationsPageTest::speaksOfSettings).stream()
                .flatMap(file -> VARIABLE.matcher(Sources.code(file)).results())
                .map(MatchResult::group)
                .forEach(read::add);
        return read;
    }

    /** Those of the settings that a process asks for by key. */
    private static Set<String> variablesOfSettings() {
        Settings settings = Settings.load(Path.of("no-such-file"), Map.of(), Map.of());
        LogFormat.from(settings);
        TelemetryConfig.from(settings);
        AuditConfig.from(settings);
        TriggerConfig.of(settings, TriggerConfig.Unnamed.byDefault(false));
        settings.text(KafkaSecurity.SETTING);
        return settings.effective().keySet().stream()
                .map(key -> "AIRLOCK_"
                        + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean speaksOfSettings(String name) {
        return name.equals("airlock")
                || name.matches("scripts/[^/]*\\.sh")
                || name.matches("[a-z-]+/src/main/java/.*\\.java");
    }

    private static List<String> firstCodes(String heading) {
        return PAGE.table(heading).stream()
                .map(row -> Page.codes(row.getFirst()).getFirst())
                .toList();
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }
}
