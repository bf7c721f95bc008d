package dev.airlock.platform.kafka;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.Endpoints;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Makes clients of one Kafka cluster, with settings under which an outage delays and never drops or reorders.
 *
 * <p>Holds no connection itself; whoever asks for a client closes it. Keys are text (run ids, business keys), values are
 * bytes: what they mean is parsed in our code, so that a broken record cannot kill a poll loop.
 */
public final class KafkaClients {
    private final String bootstrap;
    private final KafkaSecurity security;

    /** Clients of the cluster at {@code HOST:PORT}, several separated by commas, that asks for no login. */
    public KafkaClients(String bootstrap) {
        this(bootstrap, KafkaSecurity.none());
    }

    /** The same, of one that wants to know who it is. */
    public KafkaClients(String bootstrap, KafkaSecurity security) {
        this.bootstrap = bootstrap;
        this.security = security;
    }

    /**
     * Clients of an installation's cluster.
     *
     * @throws PlatformException with code USAGE if the file that says how to log in is wrong
     */
    public static KafkaClients of(Endpoints.Kafka kafka) {
        String file = kafka.properties();
        return new KafkaClients(
                kafka.bootstrap(), file == null ? KafkaSecurity.none() : KafkaSecurity.read(Path.of(file)));
    }

    /** {@code HOST:PORT}, several separated by commas. */
    public String bootstrap() {
        return bootstrap;
    }

    /** An idempotent producer, each record at once and acknowledged by all replicas. */
    public Producer<String, byte[]> producer(String clientId) {
        return producer(clientId, Duration.ofSeconds(5));
    }

    /** The same, with another bound of how long a send may wait for the cluster or for room. */
    public Producer<String, byte[]> producer(String clientId, Duration longestBlock) {
        Map<String, Object> config = producerConfig(clientId, longestBlock);
        return opened(() -> new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer()));
    }

    /**
     * The same, for records that somebody else may have written otherwise by then: what is not acknowledged after so long is
     * given up, also what still waits for a broker to come back.
     */
    public Producer<String, byte[]> hastyProducer(String clientId, Duration life) {
        Map<String, Object> config = producerConfig(clientId, life);
        int millis = Math.toIntExact(life.toMillis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        return opened(() -> new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer()));
    }

    private Map<String, Object> producerConfig(String clientId, Duration longestBlock) {
        Map<String, Object> config = common(clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // What comes while a request is under way goes together in the next one; what comes alone does not wait.
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        // An outage must neither hang the caller nor grow the heap.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, longestBlock.toMillis());
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * 1024 * 1024);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 1_000_000);
        config.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return config;
    }

    /**
     * A consumer of {@code group} for what strangers write. It commits only when told to, and reads from the start when the group is
     * new; keys are bytes; what is fetched ahead is bounded. One that died is noticed after ten seconds.
     */
    public Consumer<byte[], byte[]> intake(String clientId, String group) {
        Map<String, Object> config = consumerConfig(clientId);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1024 * 1024);
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        config.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        return opened(() -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    /** As {@link #producer}, for records whose keys are somebody else's bytes and which may be as large as he could send them. */
    public Producer<byte[], byte[]> forwarder(String clientId) {
        Map<String, Object> config = producerConfig(clientId, Duration.ofSeconds(5));
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 * 1024 * 1024);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L * 1024 * 1024);
        return opened(() -> new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /**
     * A consumer without a group, which is told its partitions and offsets: for reading what a topic holds by now, as the verifier
     * does. For what is still to come, take a {@link #follower}.
     */
    public Consumer<String, byte[]> reader(String clientId) {
        Map<String, Object> config = consumerConfig(clientId);
        // A poll asks ahead for what follows. At the topic's end the broker keeps that question for so long, by default
        // 500 ms, and with it whatever the same connection asks next.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 5);
        return opened(() -> new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer()));
    }

    /** A consumer without a group, for records as they come. */
    public Consumer<String, byte[]> follower(String clientId) {
        Map<String, Object> config = consumerConfig(clientId);
        return opened(() -> new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer()));
    }

    /** The partition that a producer takes for a key, of so many. */
    public static int partition(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private Map<String, Object> consumerConfig(String clientId) {
        Map<String, Object> config = common(clientId);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return config;
    }

    /** An administrator. */
    public Admin admin(String clientId) {
        Map<String, Object> config = common(clientId);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return opened(() -> Admin.create(config));
    }

    private Map<String, Object> common(String clientId) {
        Map<String, Object> config = new HashMap<>(security.settings());
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        // A broker on this machine comes back in seconds; the default waits up to a second more at each try.
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
        config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        return config;
    }

    private <T> T opened(Supplier<T> client) {
        try {
            return client.get();
        } catch (KafkaException e) {
            String reason = reason(e);
            if (!security.isNone() && !reason.contains("bootstrap")) {
                throw PlatformException.of(
                        PlatformException.Code.USAGE,
                        "Kafka's client does not take its security settings: " + reason,
                        KafkaSecurity.VARIABLE,
                        "mend the file that " + KafkaSecurity.VARIABLE + " names",
                        e);
            }
            throw PlatformException.of(
                    PlatformException.Code.USAGE,
                    "not an address of a Kafka cluster: " + bootstrap,
                    bootstrap,
                    "write HOST:PORT, several separated by commas",
                    e);
        }
    }

    /** The innermost message; Kafka hides what its settings call passwords. */
    private static String reason(KafkaException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /**
     * Asks the cluster who it is.
     *
     * @throws PlatformException with code UNAVAILABLE if it does not answer within {@code limit}
     */
    public void probe(Duration limit) {
        try (Closing admin = new Closing(admin("airlock-probe"))) {
            int millis = Math.toIntExact(limit.toMillis());
            DescribeClusterOptions options = new DescribeClusterOptions().timeoutMs(millis);
            admin.client().describeCluster(options).nodes().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    /** As {@link #createTopics(TopicPlan, Duration)}: as {@code dev} has them, with so many replicas. */
    public void createTopics(short replicas, Duration limit) {
        createTopics(TopicPlan.of(TopicPlan.PARTITIONS, replicas), limit);
    }

    /**
     * Makes the topics that are missing; those that exist are left as they are.
     *
     * @return names of those that were made
     * @throws PlatformException with code UNAVAILABLE if the cluster does not do so within {@code limit}, USAGE if it refuses
     */
    public List<String> createTopics(TopicPlan plan, Duration limit) {
        try (Closing admin = new Closing(admin("airlock-topics"))) {
            Set<String> present = admin.client().listTopics().names().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            List<NewTopic> missing = plan.topics().stream()
                    .filter(topic -> !present.contains(topic.name()))
                    .toList();
            admin.client().createTopics(missing).all().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return missing.stream().map(NewTopic::name).toList();
        } catch (ExecutionException e) {
            // Another process was faster.
            if (e.getCause() instanceof TopicExistsException) {
                return List.of();
            }
            throw e.getCause() instanceof ApiException refusal
                            && !(refusal instanceof RetriableException)
                            && KafkaRefusal.in(refusal).isEmpty()
                    ? refused(refusal)
                    : unavailable(e);
        } catch (TimeoutException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private PlatformException refused(ApiException refusal) {
        return PlatformException.of(
                PlatformException.Code.USAGE,
                "Kafka at " + bootstrap + " does not make the topics: " + refusal.getMessage(),
                bootstrap,
                "ask for no more replicas than it has brokers, and with a user that may make topics",
                refusal);
    }

    PlatformException unavailable(Exception cause) {
        Optional<KafkaRefusal> refusal = KafkaRefusal.in(cause);
        if (refusal.isPresent()) {
            return PlatformException.of(
                    PlatformException.Code.USAGE,
                    "Kafka at " + bootstrap + " " + refusal.get().what(),
                    bootstrap,
                    refusal.get().hint(),
                    cause);
        }
        return PlatformException.of(
                PlatformException.Code.UNAVAILABLE,
                "Kafka at " + bootstrap + " does not answer",
                bootstrap,
                "is `airlock dev` running? Its log is in the logs directory of its state directory",
                cause);
    }

    /** Closes an administrator without waiting for calls that nobody answers. */
    private record Closing(Admin client) implements AutoCloseable {
        @Override
        public void close() {
            client.close(Duration.ZERO);
        }
    }
}
