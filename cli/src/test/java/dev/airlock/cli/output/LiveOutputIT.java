package dev.airlock.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.activities.output.KafkaOutputPublisher;
import dev.airlock.activities.output.OutputDirectory;
import dev.airlock.activities.output.OutputPublisher.Feed;
import dev.airlock.dev.kafka.EmbeddedKafka;
import dev.airlock.dev.ports.Ports;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.output.KafkaLiveOutput;
import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.output.TopicOutput;
import dev.airlock.starter.output.TrailCourse;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.StepAttempt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live output through a real broker that goes away and comes back. */
class LiveOutputIT {
    private static final String INSTALLATION = "0123456789abcdef";
    private static final int FLOOD = 64 << 20;

    @TempDir
    static Path temporary;

    private static StateDirectory state;
    private static EmbeddedKafka kafka;
    private static KafkaClients clients;

    private StepAttempt at;
    private Path file;

    @BeforeAll
    static void start() throws IOException {
        state = new StateDirectory(temporary.resolve("state")).create();
        kafka = EmbeddedKafka.start(state, new Ports(state));
        clients = new KafkaClients(kafka.bootstrap());
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @BeforeEach
    void begin() throws IOException {
        at = new StepAttempt(Names.run(INSTALLATION, "test", UUID.randomUUID().toString()), "test", 1);
        file = directory().file(at);
        Files.createDirectories(file.getParent());
    }

    @Test
    void isTheSameForTwoReadersAndFromAnyOffset() throws Exception {
        try (KafkaOutputPublisher publisher = publisher()) {
            Feed feed = publisher.of(at);
            feed.begin();
            CompletableFuture<byte[]> one = follow(0);
            CompletableFuture<byte[]> two = follow(0);
            CompletableFuture<byte[]> late = follow(70_001);
            String euros = "\u20ac".repeat(50_000);
            for (String part : new String[] {"begin\n", euros, "\nend\n"}) {
                Files.write(file, part.getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                feed.grown(Files.size(file));
            }
            feed.ended();
            byte[] whole = Files.readAllBytes(file);
            assertThat(new String(one.get(60, TimeUnit.SECONDS), UTF_8)).isEqualTo("begin\n" + euros + "\nend\n");
            assertThat(two.get(60, TimeUnit.SECONDS)).isEqualTo(whole);
            assertThat(late.get(60, TimeUnit.SECONDS)).isEqualTo(Arrays.copyOfRange(whole, 70_001, whole.length));
        }
        assertNothingLeft();
    }

    @Test
    void carriesAFloodThroughAnOutageWithoutHoldingIt() throws Exception {
        Files.writeString(file, "!");
        try (KafkaOutputPublisher publisher = publisher()) {
            Feed feed = publisher.of(at);
            feed.begin();
            feed.grown(1);
            CompletableFuture<byte[]> reader = follow(0);
            awaitSaved(1);
            kafka.close();
            String digest = flood();
            long before = used();
            long start = System.nanoTime();
            feed.grown(FLOOD);
            feed.ended();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            // As long as it takes to fill what may be on its way.
            LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
            assertThat(used() - before).isLessThan(24L << 20);
            kafka = EmbeddedKafka.start(state, new Ports(state));
            byte[] seen = reader.get(60, TimeUnit.SECONDS);
            assertThat(seen).hasSize(FLOOD);
            assertThat(CanonicalJson.sha256(seen).value()).isEqualTo(digest);
        }
        assertNothingLeft();
    }

    @Test
    void goesOnWhereTheLastProcessStopped() throws Exception {
        byte[] whole = new byte[1 << 20];
        new Random(5).nextBytes(whole);
        print(whole, 0, 400_000);
        CompletableFuture<byte[]> reader = follow(0);
        // Nobody closes it, as nobody closes a process that was killed; what it would do next it never does.
        Feed lost = publisher().of(at);
        lost.begin();
        lost.grown(400_000);
        awaitSaved(400_000);
        print(whole, 400_000, 700_000);
        try (KafkaOutputPublisher next = publisher()) {
            next.of(at).grown(700_000);
            awaitSaved(700_000);
        }
        print(whole, 700_000, whole.length);
        Feed last;
        try (KafkaOutputPublisher next = publisher()) {
            last = next.of(at);
            last.ended();
            assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(whole);
            assertNothingLeft();
            // An attempt whose end was told is not told again.
            last.ended();
            assertNothingLeft();
        }
        assertThat(follow(0).get(60, TimeUnit.SECONDS)).isEqualTo(whole);
    }

    @Test
    void tellsTheEndOfWhatEndedWhileNobodyPublished() throws Exception {
        Files.writeString(file, "short");
        kafka.close();
        try (KafkaOutputPublisher publisher = publisher()) {
            publisher.of(at).begin();
            publisher.of(at).ended();
        }
        kafka = EmbeddedKafka.start(state, new Ports(state));
        try (KafkaOutputPublisher next = publisher()) {
            assertThat(next).isNotNull();
            assertThat(follow(0).get(60, TimeUnit.SECONDS)).asString(UTF_8).isEqualTo("short");
        }
    }

    /** Its host printed something, then was never seen again; the run went on elsewhere. */
    @Test
    void followsNoLongerThanTheTrailSaysThatThereIsSomethingToFollow() throws Exception {
        Files.writeString(file, "half of");
        try (KafkaOutputPublisher publisher = publisher()) {
            publisher.of(at).begin();
            publisher.of(at).grown(7);
            awaitSaved(7);
        }
        CompletableFuture<byte[]> reader = follow(0);
        try (Producer<String, byte[]> producer = clients.producer("test")) {
            for (String type : List.of("step.started", "step.lost")) {
                String event = "{\"type\":\"dev.airlock." + type + ".v1\",\"data\":{\"step\":\"test\",\"attempt\":1}}";
                producer.send(new ProducerRecord<>(Topics.AUDIT, at.run().value(), event.getBytes(UTF_8)))
                        .get();
            }
        }

        assertThatThrownBy(() -> reader.get(60, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(AirlockException.class)
                .hasMessageContainingAll(at.run() + " test/1 was lost", "from byte 7 on");
    }

    @Test
    void saysSoWhenThereIsNone() {
        assertThatThrownBy(() -> output().read(new OutputRequest(at.run(), null, null, false, 0), chunk -> {}))
                .hasMessageContaining("no output of " + at.run());
    }

    private void print(byte[] whole, int from, int to) throws IOException {
        Files.write(file, Arrays.copyOfRange(whole, from, to), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private String flood() throws IOException {
        byte[] flood = new byte[FLOOD];
        new Random(3).nextBytes(flood);
        flood[0] = '!';
        Files.write(file, flood);
        return CanonicalJson.sha256(flood).value();
    }

    private static OutputDirectory directory() {
        return new OutputDirectory(state.output());
    }

    private static KafkaOutputPublisher publisher() {
        return new KafkaOutputPublisher(clients, Topics.OUTPUT, INSTALLATION, directory()).start();
    }

    private static TopicOutput output() {
        return new TopicOutput(new KafkaLiveOutput(clients, Topics.OUTPUT), new TrailCourse(clients, Topics.AUDIT));
    }

    private CompletableFuture<byte[]> follow(long offset) {
        return CompletableFuture.supplyAsync(() -> {
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            output().read(new OutputRequest(at.run(), null, null, true, offset), chunk -> {
                assertThat(chunk.offset()).isEqualTo(offset + seen.size());
                seen.write(chunk.data());
            });
            return seen.toByteArray();
        });
    }

    private void awaitSaved(long bytes) {
        String wanted = String.format(java.util.Locale.ROOT, "%018d", bytes);
        await(() -> {
            try (Stream<Path> left = Files.list(state.output().resolve("unpublished"))) {
                return left.filter(each -> each.toString().contains(at.run().value()))
                        .anyMatch(each -> text(each).startsWith(wanted));
            } catch (IOException e) {
                return false;
            }
        });
    }

    private void assertNothingLeft() {
        await(() -> {
            try (Stream<Path> left = Files.list(state.output().resolve("unpublished"))) {
                return left.noneMatch(each -> each.toString().contains(at.run().value()));
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            return "";
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
