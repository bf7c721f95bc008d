package dev.airlock.starter.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.evidence.audit.AuditSource;
import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.evidence.audit.TopicRecords;
import dev.airlock.evidence.checkpoint.NewestCheckpoint;
import dev.airlock.evidence.merkle.SigningKey;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.workspace.git.SystemRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointServiceTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMillis(20);
    private static final SigningKey KEY = SigningKey.of("airlock/test", new byte[32]);

    @TempDir
    Path workspaces;

    private final List<byte[]> topic = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private volatile boolean away;

    private final class Topic implements AuditSource {
        @Override
        public int partitions() {
            if (away) {
                throw PlatformException.of(PlatformException.Code.UNAVAILABLE, "no broker", "kafka", "start it");
            }
            return 1;
        }

        @Override
        public void read(int partition, long from, TopicRecords.Sink sink) {
            List<byte[]> records = new ArrayList<>(topic);
            for (int i = (int) from; i < records.size(); i++) {
                sink.take(partition, i, "key", records.get(i));
            }
        }

        @Override
        public void close() {}
    }

    private final class Told implements ServerTrail {
        @Override
        public void record(String type, Map<String, Object> data) {
            told.add(type + " " + data.getOrDefault("records", data.get("detail")));
        }

        @Override
        public void close() {}
    }

    private CheckpointService service(Duration interval) {
        return new CheckpointService(Topic::new, workspaces, KEY, "test", new Told(), interval);
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            topic.add(("record " + topic.size()).getBytes(UTF_8));
        }
    }

    private long signed() throws IOException {
        try (SystemRepository system = SystemRepository.in(workspaces)) {
            return NewestCheckpoint.in(system).map(NewestCheckpoint::records).orElse(0L);
        }
    }

    @Test
    void signsAtEveryIntervalInWhichSomethingWasWritten() throws Exception {
        try (CheckpointService service = service(SOON)) {
            write(3);
            service.start();
            assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo("checkpoint.signed 3");
            write(2);
            assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo("checkpoint.signed 5");
        }
        assertThat(told).as("nothing new, nothing signed").isEmpty();
    }

    @Test
    void signsWhenItIsClosed() throws Exception {
        CheckpointService service = service(NEVER);
        service.start();
        write(4);
        service.close();

        assertThat(signed()).isEqualTo(4);
        assertThat(told).containsExactly("checkpoint.signed 4");
    }

    @Test
    void goesOnWhenKafkaIsBack() throws Exception {
        away = true;
        write(1);
        try (CheckpointService service = service(SOON)) {
            service.start();
            assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
            away = false;
            assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo("checkpoint.signed 1");
        }
    }

    @Test
    void tellsOnceThatItDoesNotSign() throws Exception {
        try (CheckpointService service = service(SOON)) {
            write(3);
            service.start();
            assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo("checkpoint.signed 3");
            topic.removeLast();
            assertThat(told.poll(60, TimeUnit.SECONDS))
                    .startsWith("checkpoint.refused")
                    .contains("3 were signed");
            assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
        }
        assertThat(signed()).isEqualTo(3);
    }

    @Test
    void twoServersShareTheWork() throws Exception {
        try (CheckpointService one = service(SOON);
                CheckpointService other = service(SOON)) {
            one.start();
            other.start();
            for (int i = 0; i < 5; i++) {
                write(10);
                assertThat(told.poll(60, TimeUnit.SECONDS)).startsWith("checkpoint.signed");
            }
        }
        assertThat(signed()).isEqualTo(50);
        assertThat(told).noneMatch(each -> each.startsWith("checkpoint.refused"));
    }
}
