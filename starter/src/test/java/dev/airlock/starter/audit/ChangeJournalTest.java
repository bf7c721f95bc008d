package dev.airlock.starter.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeJournalTest {
    private static final Principal RITA = new Principal("user:rita");

    @TempDir
    Path directory;

    private final Trail trail = new Trail();
    private ChangeJournal journal;

    /** Remembers what was told, and can be away. */
    private static final class Trail implements ServerTrail {
        private final List<String> types = new ArrayList<>();
        private final List<Map<String, Object>> told = new ArrayList<>();
        private int room = Integer.MAX_VALUE;

        @Override
        public void record(String type, Map<String, Object> data) {
            if (room-- <= 0) {
                throw PlatformException.of(PlatformException.Code.UNAVAILABLE, "Kafka is away", "airlock.audit", "");
            }
            types.add(type);
            told.add(data);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @BeforeEach
    void open() {
        journal = new ChangeJournal(directory.resolve("pending-changes"));
    }

    private String make(String name, SettingChanges.Change<String> change) throws IOException {
        return journal.make("workspace", name, RITA, Map.of("branch", "main"), change);
    }

    @Test
    void tellsLaterWhatWasMade() throws IOException {
        assertThat(journal.tell(trail)).isZero();
        assertThat(make("orders", () -> "made")).isEqualTo("made");

        assertThat(journal.tell(trail)).isEqualTo(1);

        assertThat(trail.types).containsExactly("setting.intended", "setting.changed");
        assertThat(trail.told.getFirst())
                .containsEntry("name", "orders")
                .containsEntry("by", "user:rita")
                .containsEntry("to", Map.of("branch", "main"))
                .containsKeys("at", "change");
        assertThat(trail.told.getLast().get("change"))
                .isEqualTo(trail.told.getFirst().get("change"));
        assertThat(journal.tell(trail)).as("told once").isZero();
    }

    @Test
    void tellsWhatFailed() {
        assertThatThrownBy(() -> make("orders", () -> {
                    throw new IOException("there is one");
                }))
                .hasMessage("there is one");

        assertThat(journal).satisfies(pending -> assertThat(pending.tell(trail)).isEqualTo(1));
        assertThat(trail.types).containsExactly("setting.intended", "setting.unchanged");
    }

    @Test
    void writesTheIntentBeforeAnythingIsDone() throws IOException {
        List<Path> files = new ArrayList<>();
        make("orders", () -> {
            try (var there = Files.list(directory.resolve("pending-changes"))) {
                there.filter(file -> file.toString().endsWith(".json")).forEach(files::add);
            }
            assertThat(journal.tell(trail)).as("while it is under way").isZero();
            return "made";
        });

        assertThat(files).hasSize(1);
        assertThat(trail.types).isEmpty();
    }

    /** What a process that was killed in between leaves behind. */
    @Test
    void tellsTheIntentOfAChangeThatNeverEnded() throws IOException {
        Path[] begun = new Path[1];
        byte[][] content = new byte[1][];
        make("orders", () -> {
            try (var there = Files.list(directory.resolve("pending-changes"))) {
                begun[0] = there.filter(file -> file.toString().endsWith(".json"))
                        .findFirst()
                        .orElseThrow();
            }
            content[0] = Files.readAllBytes(begun[0]);
            return "made";
        });
        Files.write(begun[0], content[0]);

        assertThat(journal.tell(trail)).isEqualTo(1);
        assertThat(trail.types).containsExactly("setting.intended");
    }

    @Test
    void keepsWhatKafkaDoesNotTake() throws IOException {
        make("orders", () -> "made");
        make("payments", () -> "made");
        trail.room = 3;

        assertThatThrownBy(() -> journal.tell(trail)).isInstanceOf(PlatformException.class);
        assertThat(trail.types).hasSize(3);
        trail.room = Integer.MAX_VALUE;
        assertThat(journal.tell(trail)).isEqualTo(1);

        assertThat(trail.told.getLast()).containsEntry("name", "payments");
        assertThat(trail.told.get(3).get("change"))
                .as("told again, as the same")
                .isEqualTo(trail.told.get(2).get("change"));
    }
}
