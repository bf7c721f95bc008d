package dev.airlock.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.workflows.Payloads;
import dev.airlock.workspace.pipeline.CompileResult;
import dev.airlock.workspace.pipeline.PipelineCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who writes a pipeline finds every key, and what is shown compiles. */
class PipelinesPageTest {
    private static final Page PAGE = Page.of("docs/pipelines.md");

    @Test
    void everySampleCompiles() {
        List<String> refused = new ArrayList<>();
        int samples = 0;
        for (Page page : Page.all()) {
            for (Page.Block block : page.blocks("yaml")) {
                samples++;
                if (compile(block) instanceof CompileResult.Invalid invalid) {
                    refused.add(page + ":" + block.line() + " " + invalid.errors());
                }
            }
        }
        assertThat(refused).isEmpty();
        assertThat(samples).isGreaterThan(2);
    }

    @Test
    void everyMistakeIsReportedAsShown() {
        Page.Block wrong = PAGE.blocks("yaml refused").getFirst();
        String told = PAGE.blocks("text").getFirst().text();

        assertThat(compile(wrong))
                .isInstanceOfSatisfying(
                        CompileResult.Invalid.class,
                        invalid -> assertThat(invalid.errors().stream()
                                        .map(error ->
                                                error.line() + ":" + error.column() + ": " + error.message() + "\n")
                                        .collect(Collectors.joining()))
                                .isEqualTo(told));
    }

    @Test
    void namesEveryPropertyOfTheSchemaInTheSectionOfItsStep() throws IOException {
        JsonNode schema = Payloads.mapper()
                .readTree(Sources.HOME.resolve("docs/pipeline.schema.json").toFile());

        assertTold("The file", properties(schema));
        assertTold("A step", properties(schema.at("/$defs/step")));
        for (JsonNode uses : schema.at("/$defs/step/properties/uses/enum")) {
            assertTold(uses.asText(), properties(schema.at("/$defs/" + uses.asText())));
        }
        assertTold("limits", properties(schema.at("/$defs/limits")));
    }

    private static void assertTold(String heading, Set<String> properties) {
        Set<String> told = new TreeSet<>();
        for (List<String> row : PAGE.table(heading)) {
            Page.codes(row.getFirst()).forEach(key -> told.addAll(prefixes(key)));
        }
        assertThat(properties).isNotEmpty();
        assertThat(told).as("keys told below '%s'", heading).isEqualTo(properties);
    }

    private static Set<String> prefixes(String key) {
        Set<String> prefixes = new TreeSet<>();
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
            prefixes.add(key.substring(0, dot));
        }
        prefixes.add(key);
        return prefixes;
    }

    /** With dots; what a definition of its own says (limits) is left to its own section. */
    private static Set<String> properties(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.path("properties").properties().forEach(property -> {
            names.add(property.getKey());
            properties(property.getValue()).forEach(inner -> names.add(property.getKey() + "." + inner));
        });
        return names;
    }

    private static CompileResult compile(Page.Block block) {
        return PipelineCompiler.compile(block.text().getBytes(StandardCharsets.UTF_8));
    }
}
