package dev.airlock.starter.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusedTest {
    private static final Principal ANN = new Principal("user:ann");

    private final Notes notes = new Notes();
    private boolean up = true;

    private final class Notes implements ServerTrail {
        private final List<String> events = new ArrayList<>();
        private Map<String, Object> last = Map.of();

        @Override
        public void record(String type, Map<String, Object> data) {
            if (!up) {
                throw PlatformException.of(PlatformException.Code.UNAVAILABLE, "no broker", "kafka", "start it");
            }
            events.add(type);
            last = data;
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void tellsEveryDefiniteNoAndNothingElse(ErrorCode code) {
        AirlockException no = new AirlockException(code, "because", "run", null);

        assertThatExceptionOfType(AirlockException.class)
                .isThrownBy(() -> new Refused(notes).told("approve", "run-1", ANN, () -> {
                    throw no;
                }))
                .isSameAs(no);

        assertThat(notes.events).hasSize(code.exitCode() == 1 ? 1 : 0);
        if (code.exitCode() == 1) {
            assertThat(notes.last)
                    .containsEntry("action", "approve")
                    .containsEntry("subject", "run-1")
                    .containsEntry("by", "user:ann")
                    .containsEntry("code", code.name())
                    .containsEntry("detail", "because");
        }
    }

    @Test
    void tellsNothingOfWhatWasTaken() {
        assertThat(new Refused(notes).told("approve", "run-1", ANN, () -> 7)).isEqualTo(7);
        assertThat(notes.events).isEmpty();
    }

    @Test
    void answersThatItCouldNotBeFoundOutWhenTheTrailIsAway() {
        up = false;
        assertThatExceptionOfType(AirlockException.class)
                .isThrownBy(() -> new Refused(notes).told("approve", "run-1", ANN, () -> {
                    throw new AirlockException(ErrorCode.SELF_APPROVAL, "your own", "run-1", null);
                }))
                .matches(e -> e.code() == ErrorCode.UNAVAILABLE)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void tellsASettingBeforeAndAfterItIsChanged() throws IOException {
        SettingChanges changes = new SettingChanges(notes);
        changes.make("workspace", "orders", ANN, Map.of("branch", "main"), () -> {
            assertThat(notes.events).containsExactly("setting.intended");
            assertThat(notes.last).containsEntry("to", Map.of("branch", "main")).containsEntry("by", "user:ann");
            return 1;
        });
        assertThat(notes.events).containsExactly("setting.intended", "setting.changed");
    }

    @Test
    void tellsThatASettingStayedAsItWas() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new SettingChanges(notes).make("workspace", "orders", ANN, Map.of(), () -> {
                    throw new IOException("disk full");
                }));
        assertThat(notes.events).containsExactly("setting.intended", "setting.unchanged");
    }

    @Test
    void changesNothingThatIsNotOnTheTrail() {
        up = false;
        assertThatExceptionOfType(AirlockException.class)
                .isThrownBy(() -> new SettingChanges(notes).make("workspace", "orders", ANN, Map.of(), () -> {
                    throw new IllegalStateException("was done");
                }))
                .matches(e -> e.code() == ErrorCode.UNAVAILABLE);
    }
}
