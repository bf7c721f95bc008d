package dev.airlock.dev.kafka;

import dev.airlock.dev.ports.Ports;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.StateDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka broker that is its own controller, in this process, on loopback.
 *
 * <p>Its records survive the death of the process. It does not sync each of them to disk, so a power cut may take the last
 * ones. The caller holds the state directory's lock: a second broker on the same directory destroys the first one's data.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(60);
    private static final String FORMATTED = "meta.properties";
    private static final short ONE_REPLICA = 1;

    private final KafkaRaftServer server;
    private final KafkaClients clients;

    private EmbeddedKafka(KafkaRaftServer server, KafkaClients clients) {
        this.server = server;
        this.clients = clients;
    }

    /**
     * Starts it, and returns when all topics can be used.
     *
     * @throws PlatformException with code UNAVAILABLE if it does not come up
     */
    public static EmbeddedKafka start(StateDirectory state, Ports ports) throws IOException {
        int port = ports.of("kafka");
        int controllerPort = ports.of("kafka-controller");
        Path data = state.kafka().resolve("data");
        // A broker leaves this mark as the last thing it does.
        boolean killed = Files.exists(data.resolve(FORMATTED)) && !Files.exists(data.resolve(".kafka_cleanshutdown"));
        format(data);
        KafkaRaftServer server = new KafkaRaftServer(
                new KafkaConfig(BrokerSettings.of(data, port, controllerPort, killed), false), Time.SYSTEM);
        EmbeddedKafka kafka = new EmbeddedKafka(server, new KafkaClients("127.0.0.1:" + port));
        try {
            server.startup();
            kafka.clients.createTopics(ONE_REPLICA, READY);
            kafka.awaitLeaders();
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e instanceof PlatformException ? e : failed(state, e);
        }
    }

    private static PlatformException failed(StateDirectory state, RuntimeException cause) {
        return PlatformException.of(
                PlatformException.Code.UNAVAILABLE,
                "the embedded Kafka broker did not start: " + cause.getMessage(),
                state.kafka().toString(),
                "see " + state.logs(),
                cause);
    }

    /** Lays out a new data directory; one that was formatted, also half-way, is made whole. */
    private static void format(Path data) throws IOException {
        if (Files.exists(data.resolve(FORMATTED))) {
            return;
        }
        Files.createDirectories(data);
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(BrokerSettings.NODE)
                    .setDirectories(List.of(data.toString()))
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setHasDynamicQuorum(false)
                    .setIgnoreFormatted(true)
                    .setPrintStream(silent)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the data directory " + data + " cannot be laid out: " + e.getMessage(), e);
        }
    }

    /**
     * Each partition has a leader that answers. A producer whose first records meet none may be stuck with them for two
     * minutes: the broker takes the second of its requests as soon as it leads, and then refuses the first as out of order.
     */
    private void awaitLeaders() {
        ListOffsetsOptions options = new ListOffsetsOptions().timeoutMs(Math.toIntExact(READY.toMillis()));
        try (Admin admin = clients.admin("airlock-leaders")) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            admin.describeTopics(Topics.names())
                    .allTopicNames()
                    .get()
                    .values()
                    .forEach(topic -> topic.partitions()
                            .forEach(one ->
                                    ends.put(new TopicPartition(topic.name(), one.partition()), OffsetSpec.latest())));
            admin.listOffsets(ends, options).all().get();
        } catch (ExecutionException e) {
            throw new KafkaException("a partition has no leader", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    /** {@code HOST:PORT}. */
    public String bootstrap() {
        return clients.bootstrap();
    }

    /** Stops the broker in order; it closes its files, so that the next start has nothing to mend. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
