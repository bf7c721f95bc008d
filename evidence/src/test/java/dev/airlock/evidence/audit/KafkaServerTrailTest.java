package dev.airlock.evidence.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.platform.failure.PlatformException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaServerTrailTest {
    private final List<MockProducer<String, byte[]>> producers = new ArrayList<>();
    private boolean up = true;
    private KafkaServerTrail trail = trail(Duration.ofSeconds(30));

    @AfterEach
    void close() {
        trail.close();
    }

    @Test
    void chainsWhatHasNoRun() {
        trail.record("request.refused", Map.of("code", "SELF_APPROVAL", "by", "user:ann"));
        trail.record("workspace.created", Map.of("workspace", "orders"));
        trail.record("server.stopped", Map.of());

        AuditReport report = verify(written());
        assertThat(report.problems()).isEmpty();
        assertThat(report.events()).isEqualTo(3);
        assertThat(report.runs()).as("a process is no run").isZero();
        ObjectNode first = Trails.json(written().getFirst());
        String chain = trail.chain().value();
        assertThat(chain).matches("server-[a-z2-7]{26}");
        assertThat(first.path("subject").asText()).isEqualTo(chain);
        assertThat(first.path("type").asText()).isEqualTo("dev.airlock.request.refused.v1");
        assertThat(first.path("previoushash").asText())
                .isEqualTo(ChainId.parse(chain).orElseThrow().origin().value());
        assertThat(records()).extracting(ProducerRecord::key).containsOnly(chain);
        assertThat(trail(Duration.ZERO).chain()).isNotEqualTo(trail.chain());
    }

    @Test
    void namesWhatWasDoneToAProcessesChain() {
        for (int i = 0; i < 5; i++) {
            trail.record("request.refused", Map.of("number", i));
        }
        List<byte[]> cut = written();
        cut.remove(2);

        AuditProblem problem = verify(cut).problems().getFirst();
        assertThat(problem.kind()).isEqualTo(AuditProblem.Kind.MISSING);
        assertThat(problem.run()).isEqualTo(trail.chain());
        assertThat(problem.sequence()).isEqualTo(3);
    }

    @Test
    void refusesWhatKafkaDoesNotTakeAndKeepsTheChainWhole() {
        trail = trail(Duration.ofMillis(50));
        trail.record("server.started", Map.of());
        up = false;
        current().sendException = new TimeoutException("no broker");
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(PlatformException.class)
                    .isThrownBy(() -> trail.record("request.refused", Map.of()))
                    .matches(e -> e.code() == PlatformException.Code.UNAVAILABLE)
                    .withMessageContaining("request.refused");
        }
        up = true;
        trail.record("request.refused", Map.of("after", true));

        assertThat(verify(written()).problems()).isEmpty();
        assertThat(verify(written()).events()).isEqualTo(5);
    }

    @Test
    void sendsTheSameBytesAgainWhenNobodyKnowsWhetherTheyArrived() {
        trail = trail(Duration.ofMillis(50));
        trail.record("server.started", Map.of());
        current().sendException = new TimeoutException("no broker");
        up = false;
        assertThatExceptionOfType(PlatformException.class)
                .isThrownBy(() -> trail.record("request.refused", Map.of("number", 0)));
        assertThatExceptionOfType(PlatformException.class)
                .isThrownBy(() -> trail.record("request.refused", Map.of("number", 1)));
        List<byte[]> unanswered = written();
        up = true;
        trail.record("request.refused", Map.of("number", 2));

        assertThat(unanswered).hasSize(3);
        assertThat(written()).hasSize(6);
        assertThat(verify(written()).problems()).isEmpty();
        assertThat(verify(written()).events()).isEqualTo(4);
    }

    @Test
    void doesNotFillTheMemoryInALongOutage() {
        trail = trail(Duration.ofMillis(20));
        up = false;
        for (int i = 0; i < 120; i++) {
            assertThatExceptionOfType(PlatformException.class)
                    .isThrownBy(() -> trail.record("request.refused", Map.of()));
        }
        up = true;
        trail.record("request.refused", Map.of());

        assertThat(verify(written()).events()).isEqualTo(101);
    }

    @Test
    void keepsOneOrderForManyThreads() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                int number = i;
                threads.execute(() -> trail.record("request.refused", Map.of("number", number)));
            }
        }

        assertThat(verify(written()).problems()).isEmpty();
        assertThat(verify(written()).events()).isEqualTo(200);
    }

    @Test
    void takesNoNumberForWhatIsNoEvent() {
        assertThatIllegalArgumentException().isThrownBy(() -> trail.record("request.refused", Map.of("share", 0.5)));
        assertThatIllegalArgumentException().isThrownBy(() -> trail.record("Not A Name", Map.of()));
        assertThatExceptionOfType(AuditEventTooLargeException.class)
                .isThrownBy(() -> trail.record("request.refused", Map.of("text", "x".repeat(70_000))));
        trail.record("request.refused", Map.of());

        assertThat(verify(written()).problems()).isEmpty();
        assertThat(verify(written()).events()).isEqualTo(1);
    }

    private KafkaServerTrail trail(Duration patience) {
        return new KafkaServerTrail(this::open, "localhost:1", "airlock.audit", Trails.INSTALLATION, patience);
    }

    private Producer<String, byte[]> open() {
        producers.add(producer(up));
        return producers.getLast();
    }

    /** One that acknowledges at once, or never. */
    private static MockProducer<String, byte[]> producer(boolean acknowledges) {
        return new MockProducer<>(acknowledges, null, new StringSerializer(), new ByteArraySerializer());
    }

    private MockProducer<String, byte[]> current() {
        return producers.getLast();
    }

    private List<ProducerRecord<String, byte[]>> records() {
        return producers.stream().flatMap(each -> each.history().stream()).toList();
    }

    private List<byte[]> written() {
        return new ArrayList<>(records().stream().map(ProducerRecord::value).toList());
    }

    private static AuditReport verify(List<byte[]> records) {
        AuditVerifier verifier = new AuditVerifier();
        records.forEach(verifier::add);
        return verifier.report();
    }
}
