package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.airlock.evidence.audit.AuditChain;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.sandbox.Limit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published schemas say what events are, each with an example, and no type is without one. */
class EventSchemasTest {
    private static final Pattern RECORDED = Pattern.compile(
            "(?:record|audit)\\(\\s*\"((?:run|step|review|promotion|event|request|sandbox)\\.[a-z]+)\"");
    private static final Pattern TYPE = Pattern.compile("\"(dev\\.airlock\\.[a-z.]+\\.v1)\"");

    static List<String> names() {
        return EventSchemas.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isASchemaWithAnExampleThatFits(String name) {
        var meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
        assertThat(meta.validate(EventSchemas.schema(name))).isEmpty();
        assertThat(EventSchemas.schema(name).path("title").asText()).isNotBlank();
        assertThat(EventSchemas.problems(name, EventSchemas.example(name))).isEmpty();
    }

    /** What a schema demands it demands: the example without any one of its members, or with another type, is refused. */
    @ParameterizedTest
    @MethodSource("names")
    void refusesTheExampleWithoutWhatItDemands(String name) {
        List<String> demanded = new ArrayList<>();
        String envelope = name.startsWith("output/") ? "headers" : "";
        for (String member : fields(at(EventSchemas.example(name), envelope))) {
            ObjectNode less = EventSchemas.example(name).deepCopy();
            ((ObjectNode) at(less, envelope)).remove(member);
            if (!EventSchemas.problems(name, less).isEmpty()) {
                demanded.add(member);
            }
        }
        String prefix = envelope.isEmpty() ? "" : "ce_";
        assertThat(demanded).contains(prefix + "specversion", prefix + "id", prefix + "source", prefix + "type");
        EventSchemas.schema(name).at("/properties/data/required").forEach(required -> {
            ObjectNode less = EventSchemas.example(name).deepCopy();
            if (less.path("data").has(required.asText())) {
                ((ObjectNode) less.path("data")).remove(required.asText());
            }
            assertThat(EventSchemas.problems(name, less))
                    .as("without " + required)
                    .isNotEmpty();
        });
        ObjectNode other = EventSchemas.example(name).deepCopy();
        ((ObjectNode) at(other, envelope)).put(prefix + "type", "dev.airlock.other.v1");
        assertThat(EventSchemas.problems(name, other)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void takesMembersThatComeLater(String name) {
        ObjectNode more = EventSchemas.example(name).deepCopy();
        ((ObjectNode) at(more, name.startsWith("output/") ? "headers" : "")).put("later", "x");
        if (!name.startsWith("requests/") && more.path("data").isObject()) {
            ((ObjectNode) more.path("data")).put("later", 1);
        }
        assertThat(EventSchemas.problems(name, more)).isEmpty();
    }

    @Test
    void describesEveryTypeThatIsWrittenOrRead() {
        Set<String> written = new TreeSet<>();
        Sources.files(file -> file.matches("(workflows|evidence|starter|cli|activities)/src/main/java/.*\\.java"))
                .forEach(file -> {
                    RECORDED.matcher(Sources.code(file))
                            .results()
                            .forEach(found -> written.add(found.group(1) + ".v1"));
                    TYPE.matcher(Sources.code(file))
                            .results()
                            .forEach(found -> written.add(found.group(1).replaceFirst("^dev\\.airlock\\.", "")));
                });
        Set<String> described = EventSchemas.names().stream()
                .map(name -> name.substring(name.indexOf('/') + 1))
                .collect(Collectors.toSet());
        assertThat(written).hasSizeGreaterThan(20);
        assertThat(described).containsAll(written);
    }

    /** The examples of the trail are one that a verifier takes. */
    @Test
    void hashesItsExamplesAsTheyAre() {
        for (String name : EventSchemas.names()) {
            if (name.startsWith("audit/")) {
                ObjectNode event = EventSchemas.example(name).deepCopy();
                String hash = event.remove("hash").asText();
                assertThat(CanonicalJson.digest(event).value()).as(name).isEqualTo(hash);
            }
        }
    }

    @Test
    void knowsEveryWordOfTheProduct() {
        assertThat(words("common", "/$defs/outcome/enum")).containsExactlyInAnyOrderElementsOf(all(Outcome.values()));
        assertThat(words("common", "/$defs/verdict/enum")).containsExactlyInAnyOrderElementsOf(all(Verdict.values()));
        assertThat(words("common", "/$defs/limit/enum")).containsExactlyInAnyOrderElementsOf(all(Limit.values()));
        assertThat(words("requests.dlq/request.dead.v1", "/properties/data/properties/cause/examples"))
                .containsExactlyInAnyOrderElementsOf(all(Cause.values()));
    }

    @Test
    void fitsWhatTheCodeWrites() throws Exception {
        RunId run = new RunId("run-" + "a".repeat(26));
        AuditEntry started = new AuditEntry("step.started", Instant.EPOCH, Map.of("step", "test", "attempt", 1));
        EmitRequest request = new EmitRequest("0123456789abcdef", run, null, List.of(started), null);
        AuditChain chain = new AuditChain(request, "0198c2a1-0000-7000-8000-000000000001");
        JsonNode event = Payloads.mapper()
                .readTree(chain.plan(List.of()).fresh().getFirst().bytes());
        assertThat(EventSchemas.problems(Topics.AUDIT, event.path("type").asText(), event))
                .isEmpty();
        assertThat(EventSchemas.example("output/output.ended.v1")
                        .at("/headers/ce_type")
                        .asText())
                .isEqualTo(OutputRecord.END_TYPE);
        assertThat(EventSchemas.problems(Topics.AUDIT, "dev.airlock.nothing.v1", event))
                .isNotEmpty();
    }

    /** The AsyncAPI document: every topic, every schema, every reference leads somewhere, and the examples are the examples. */
    @Test
    void hasADocumentOfAllChannels() {
        JsonNode document = EventSchemas.json(EventSchemas.text("asyncapi.json"));
        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        List<String> addresses = new ArrayList<>();
        document.path("channels")
                .forEach(channel -> addresses.add(channel.path("address").asText()));
        assertThat(addresses).containsExactlyInAnyOrderElementsOf(Topics.names());
        assertThat(fields(document.at("/components/messages")))
                .containsExactlyInAnyOrderElementsOf(EventSchemas.names().stream()
                        .map(name -> name.replace('/', '.'))
                        .toList());
        List<String> references = document.findValuesAsText("$ref");
        assertThat(references).hasSizeGreaterThan(50).allSatisfy(reference -> {
            int hash = reference.indexOf('#');
            String file = hash < 0 ? reference : reference.substring(0, hash);
            JsonNode target = file.isEmpty() ? document : EventSchemas.json(EventSchemas.text(file));
            assertThat(target.at(hash < 0 ? "" : reference.substring(hash + 1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        });
        for (String name : EventSchemas.names()) {
            JsonNode told = document.at("/components/messages/" + name.replace("/", ".") + "/examples/0");
            JsonNode example = EventSchemas.example(name);
            assertThat(told.path("payload"))
                    .as(name)
                    .isEqualTo(name.startsWith("output/") ? example.path("data") : example);
        }
    }

    /** Where the page has a row for a type, it names every member that the schema names. */
    @Test
    void agreesWithThePage() {
        List<String> rows = EventSchemas.text("../events.md")
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();
        int told = 0;
        for (String name : EventSchemas.names()) {
            String type = name.replaceFirst("^audit/", "").replaceFirst("\\.v1$", "");
            String row = rows.stream()
                    .filter(line -> line.split("\\|", -1)[1].contains("`" + type + "`"))
                    .collect(Collectors.joining(" "));
            if (!name.startsWith("audit/") || row.isEmpty()) {
                continue;
            }
            told++;
            fields(EventSchemas.schema(name).at("/properties/data/properties"))
                    .forEach(member -> assertThat(row).as(type).containsPattern("\\b" + member + "\\b"));
        }
        assertThat(told).isGreaterThan(12);
    }

    private static JsonNode at(JsonNode node, String member) {
        return member.isEmpty() ? node : node.path(member);
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> words(String name, String pointer) {
        List<String> words = new ArrayList<>();
        EventSchemas.schema(name).at(pointer).forEach(word -> words.add(word.asText()));
        return words;
    }

    private static List<String> all(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }
}
