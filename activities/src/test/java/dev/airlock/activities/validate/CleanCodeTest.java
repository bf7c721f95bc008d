package dev.airlock.activities.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.activities.validate.Change.Entry;
import dev.airlock.activities.validate.Change.Kind;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.validate.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Code without secrets gives no findings, or next to none: the example, and all sources of this project. */
class CleanCodeTest {

    @Test
    void theExampleIsClean() throws IOException {
        assertThat(findings(repository().resolve("examples/orders"))).isEmpty();
    }

    @Test
    void ourOwnSourcesGiveAtMostOneFindingInTenThousandLines() throws IOException {
        List<Finding> findings = new ArrayList<>();
        long lines = 0;
        for (Path source : sources(repository())) {
            findings.addAll(findings(source));
            try (Stream<String> text = Files.lines(source)) {
                lines += text.count();
            }
        }
        System.out.printf("%,d lines of ours: %d findings%n", lines, findings.size());
        assertThat(lines).isGreaterThan(1000);
        assertThat(findings).hasSizeLessThanOrEqualTo((int) (lines / 10_000));
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(each -> each.toString().matches(".*/src/.*\\.(java|c|h|xml|yaml|json|properties)"))
                    .filter(each -> !each.toString().contains("/target/"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    private static List<Finding> findings(Path path) throws IOException {
        List<Change> changes = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : paths.filter(Files::isRegularFile).toList()) {
                Entry entry = new Entry(Kind.FILE, () -> Files.newInputStream(each));
                changes.add(new Change(repository().relativize(each).toString(), null, entry, Files.size(each)));
            }
        }
        StepUse.Validate wanted = new StepUse.Validate(List.of("secrets"), Changes.ANY_PATH, Changes.ANY_SIZE, null);
        return Changes.check(wanted, changes.toArray(Change[]::new)).list();
    }

    /** The directory that holds the whole project, wherever the test is started. */
    private static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("examples/orders"))) {
            directory = Objects.requireNonNull(directory.getParent(), "not started inside the project");
        }
        return directory;
    }
}
