package dev.airlock.system.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.platform.telemetry.Names.Attribute;
import dev.airlock.platform.telemetry.Names.Kind;
import dev.airlock.platform.telemetry.Names.Metric;
import dev.airlock.platform.telemetry.Names.SpanName;
import dev.airlock.workflows.Payloads;
import io.temporal.worker.MetricsType;
import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Page, dashboard and alert rules use the names that the code tells. {@code -Dgolden=write} writes the page's tables anew; look
 * at the difference then.
 */
class TelemetryPageTest {
    private static final Path PAGE = Sources.HOME.resolve("docs/telemetry.md");
    private static final Path DASHBOARD = Sources.HOME.resolve("docs/telemetry/grafana.json");
    private static final Path ALERTS = Sources.HOME.resolve("docs/telemetry/alerts.yaml");
    private static final Pattern SERIES =
            Pattern.compile("\\b(?:airlock|messaging|temporal)_[a-z_]+\\b(?!\\s*[=!]?[=~])");
    private static final Pattern LABEL =
            Pattern.compile("\\b((?:airlock|messaging|error|cloudevents)_[a-z_]+)\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Pattern BY = Pattern.compile("\\bby \\(([a-z_, ]+)\\)");
    private static final Set<String> PROMETHEUS = Set.of("le", "job", "instance", "host_name");
    private static final Set<String> TEMPORAL_LABELS = Set.of("task_queue", "worker_type");

    @Test
    void listsEveryName() throws Exception {
        String now = Files.readString(PAGE);
        String wanted = filled(filled(filled(now, "spans", spans()), "metrics", metrics()), "attributes", attributes());
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, wanted);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(wanted);
    }

    @Test
    void theDashboardAsksForNamesThatThereAre() throws Exception {
        List<String> asked = new ArrayList<>();
        for (JsonNode panel :
                Payloads.mapper().readTree(Files.readAllBytes(DASHBOARD)).path("panels")) {
            panel.path("targets")
                    .forEach(target -> asked.add(target.path("expr").asText()));
        }

        assertThat(asked).hasSizeGreaterThan(20).allSatisfy(TelemetryPageTest::asksForNamesThatThereAre);
    }

    @Test
    void theAlertRulesAskForNamesThatThereAreAndSayWhatToDo() throws Exception {
        List<Map<?, ?>> rules = rules();

        assertThat(rules).hasSizeGreaterThan(5).allSatisfy(rule -> {
            asksForNamesThatThereAre(String.valueOf(rule.get("expr")));
            assertThat(String.valueOf(rule.get("alert"))).startsWith("Airlock");
            assertThat((Map<?, ?>) rule.get("annotations"))
                    .hasSize(2)
                    .satisfies(told -> assertThat(told.toString()).contains("summary=", "action="));
            assertThat(String.valueOf(rule.get("labels"))).matches("\\{severity=(page|ticket)}");
        });
    }

    /** With numbers; {@code airlock setup} installs what tries them. */
    @Test
    void theAlertRulesFireWhenTheyShould() throws Exception {
        Path cache = Path.of(
                System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"),
                "airlock/bin");
        Optional<Path> promtool = Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .map(Path::of),
                        Stream.of(cache))
                .map(directory -> directory.resolve("promtool"))
                .filter(Files::isExecutable)
                .findFirst();
        assertThat(promtool).as("promtool: run `./airlock setup`").isPresent();
        Process tests = new ProcessBuilder(promtool.orElseThrow().toString(), "test", "rules", "alerts-test.yaml")
                .directory(Sources.HOME.resolve("docs/telemetry").toFile())
                .redirectErrorStream(true)
                .start();
        String told = new String(tests.getInputStream().readAllBytes(), UTF_8);

        assertThat(tests.waitFor()).as(told).isZero();
    }

    @Test
    void everyMetricIsOnTheDashboard() throws Exception {
        String shown = Files.readString(DASHBOARD);
        Set<String> absent = Arrays.stream(Metric.values())
                .map(Metric::prometheus)
                .filter(name -> !shown.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));

        // What Airlock sends as a whole says nothing that the counters of its parts do not.
        assertThat(absent).containsExactly(Metric.SENT.prometheus());
    }

    private static void asksForNamesThatThereAre(String expression) {
        String withoutLabels =
                expression.replaceAll("\\{[^}]*}", "").replaceAll("\\b(by|on|group_left) \\([^)]*\\)", "");
        assertThat(SERIES.matcher(withoutLabels).results().map(MatchResult::group))
                .as(expression)
                .isSubsetOf(series());
        Set<String> labels = Arrays.stream(Attribute.values())
                .map(Attribute::prometheus)
                .collect(Collectors.toCollection(HashSet::new));
        labels.addAll(PROMETHEUS);
        labels.addAll(TEMPORAL_LABELS);
        assertThat(LABEL.matcher(expression).results().map(match -> match.group(1)))
                .as(expression)
                .isSubsetOf(labels);
        assertThat(BY.matcher(expression)
                        .results()
                        .flatMap(match -> Arrays.stream(match.group(1).split(", *"))))
                .as(expression)
                .isSubsetOf(labels);
    }

    /** Everything that Prometheus can be asked for. */
    private static Set<String> series() {
        Set<String> series = new HashSet<>();
        for (Metric metric : Metric.values()) {
            if (metric.kind() == Kind.HISTOGRAM) {
                List.of("_bucket", "_sum", "_count").forEach(end -> series.add(metric.prometheus() + end));
            } else {
                series.add(metric.prometheus());
            }
        }
        for (Field constant : MetricsType.class.getFields()) {
            if (Modifier.isStatic(constant.getModifiers()) && constant.getType() == String.class) {
                String name = read(constant);
                List.of("", "_total", "_seconds_bucket", "_seconds_sum", "_seconds_count")
                        .forEach(end -> series.add(name + end));
            }
        }
        return series;
    }

    private static String read(Field constant) {
        try {
            return String.valueOf(constant.get(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Map<?, ?>> rules() throws Exception {
        Object file = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(ALERTS));
        List<Map<?, ?>> rules = new ArrayList<>();
        for (Object group : list(file, "groups")) {
            for (Object rule : list(group, "rules")) {
                rules.add((Map<?, ?>) rule);
            }
        }
        return rules;
    }

    private static List<?> list(Object map, String member) {
        return (List<?>) Objects.requireNonNull(((Map<?, ?>) map).get(member), member);
    }

    private static String filled(String page, String name, List<String> rows) {
        String begin = "<!-- " + name + " -->\n";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf("<!-- end -->", from);
        assertThat(page).contains(begin);
        return page.substring(0, from) + String.join("\n", rows) + "\n" + page.substring(to);
    }

    private static List<String> spans() {
        List<String> rows = new ArrayList<>(List.of("| span | what it is |", "|---|---|"));
        for (SpanName span : SpanName.values()) {
            rows.add("| `" + span.id() + "` | " + span.description() + " |");
        }
        return rows;
    }

    private static List<String> metrics() {
        List<String> rows = new ArrayList<>(List.of(
                "| metric | for Prometheus | kind | unit | what it says | attributes |", "|---|---|---|---|---|---|"));
        for (Metric metric : Metric.values()) {
            rows.add("| `" + metric.id() + "` | `" + metric.prometheus() + "` | "
                    + metric.kind().name().toLowerCase(Locale.ROOT) + " | `" + metric.unit() + "` | "
                    + metric.description() + " | "
                    + metric.attributes().stream()
                            .map(attribute -> "`" + attribute.id() + "`")
                            .collect(Collectors.joining(", "))
                    + " |");
        }
        return rows;
    }

    private static List<String> attributes() {
        List<String> rows = new ArrayList<>(List.of("| attribute | value |", "|---|---|"));
        for (Attribute attribute : Attribute.values()) {
            rows.add("| `" + attribute.id() + "` | " + attribute.description() + " |");
        }
        return rows;
    }
}
