package dev.airlock.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.workflows.change.ChangeResult;
import dev.airlock.workflows.change.ChangeSource;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import dev.airlock.workflows.promote.PromoteActivities.PrepareResult;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workflows.session.SessionActivities.ExecOutcome;
import dev.airlock.workflows.session.SessionActivities.TransferOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What travels between versions is frozen: a change of a golden file is a change of the contract. */
class ContractJsonTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private final ObjectMapper mapper = Payloads.mapper();

    static Stream<Map.Entry<String, Object>> samples() {
        return Samples.all().entrySet().stream();
    }

    static Stream<Class<?>> sealedTypes() {
        return Stream.of(
                ChangeResult.class,
                ChangeSource.class,
                Decision.class,
                StepUse.class,
                SandboxResult.class,
                PrepareResult.class,
                MoveResult.class,
                ExecOutcome.class,
                TransferOutcome.class);
    }

    /** With {@code -Dgolden.write=true} a file that is missing is written; one that is there never is. */
    @ParameterizedTest
    @MethodSource("samples")
    void writesTheGoldenForm(Map.Entry<String, Object> sample) throws IOException {
        Path file = GOLDEN.resolve(sample.getKey() + ".json");
        JsonNode written = mapper.readTree(mapper.writeValueAsString(sample.getValue()));
        if (Boolean.getBoolean("golden.write") && Files.notExists(file)) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(written) + "\n");
        }
        assertThat(file).exists();
        assertThat(written).isEqualTo(mapper.readTree(file.toFile()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsBackWhatItWrote(Map.Entry<String, Object> sample) throws IOException {
        String json = mapper.writeValueAsString(sample.getValue());

        assertThat((Object) mapper.readValue(json, sample.getValue().getClass()))
                .isEqualTo(sample.getValue());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void toleratesMembersOfLaterVersions(Map.Entry<String, Object> sample) throws IOException {
        if (mapper.valueToTree(sample.getValue()) instanceof ObjectNode object) {
            object.put("aMemberOfALaterVersion", true);

            assertThat((Object) mapper.treeToValue(object, sample.getValue().getClass()))
                    .isEqualTo(sample.getValue());
        }
    }

    @ParameterizedTest
    @MethodSource("sealedTypes")
    void namesEveryAlternativeOnTheWire(Class<?> type) {
        JsonSubTypes names = type.getAnnotation(JsonSubTypes.class);

        assertThat(Arrays.stream(names.value()).map(JsonSubTypes.Type::value))
                .containsExactlyInAnyOrder(type.getPermittedSubclasses());
        assertThat(Arrays.stream(names.value()).map(JsonSubTypes.Type::name)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("sealedTypes")
    void hasASampleOfEveryAlternative(Class<?> type) {
        assertThat(Samples.all().values().stream().map(Object::getClass)).contains(type.getPermittedSubclasses());
    }
}
