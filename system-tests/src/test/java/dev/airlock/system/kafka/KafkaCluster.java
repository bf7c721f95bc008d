package dev.airlock.system.kafka;

import dev.airlock.dev.ports.Ports;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Three brokers and a controller, each a process of its own, on loopback, with our topics on all three and two of them needed
 * to acknowledge. Clients reach each broker through its {@link TcpProxy}; brokers reach each other directly.
 */
public final class KafkaCluster implements AutoCloseable {
    public static final int BROKERS = 3;

    private static final short REPLICAS = 3;
    private static final int CONTROLLER = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<Broker> brokers = new ArrayList<>();
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final Broker controller;
    private final KafkaClients clients;

    /** @param directory of its own, for the nodes' data */
    public static KafkaCluster start(Path directory) throws IOException {
        KafkaCluster cluster = new KafkaCluster(directory);
        try {
            cluster.startAll();
            cluster.awaitBrokers();
            cluster.clients.createTopics(REPLICAS, PATIENCE);
            cluster.needTwo();
            cluster.awaitReplicas(BROKERS);
            return cluster;
        } catch (RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    private KafkaCluster(Path directory) throws IOException {
        Ports ports = new Ports(new StateDirectory(Files.createDirectories(directory)));
        String id = Uuid.randomUuid().toString();
        int controllerPort = ports.of("controller");
        Map<String, String> settings = common(controllerPort);
        settings.put("process.roles", "controller");
        settings.put("listeners", "CONTROLLER://127.0.0.1:" + controllerPort);
        controller = node(directory.resolve("controller"), id, CONTROLLER, settings);
        for (int i = 1; i <= BROKERS; i++) {
            int own = ports.of("broker-" + i);
            int between = ports.of("between-" + i);
            TcpProxy proxy = TcpProxy.to(own);
            proxies.add(proxy);
            Map<String, String> broker = common(controllerPort);
            broker.put("process.roles", "broker");
            broker.put("listeners", "CLIENT://127.0.0.1:" + own + ",BETWEEN://127.0.0.1:" + between);
            broker.put(
                    "advertised.listeners", "CLIENT://127.0.0.1:" + proxy.port() + ",BETWEEN://127.0.0.1:" + between);
            broker.put("inter.broker.listener.name", "BETWEEN");
            brokers.add(node(directory.resolve("broker-" + i), id, i, broker));
        }
        clients = new KafkaClients(
                proxies.stream().map(proxy -> "127.0.0.1:" + proxy.port()).collect(Collectors.joining(",")));
    }

    private static Map<String, String> common(int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("controller.quorum.voters", CONTROLLER + "@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,BETWEEN:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "3");
        settings.put("offsets.topic.replication.factor", "3");
        settings.put("offsets.topic.num.partitions", "3");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("log.index.size.max.bytes", "1048576");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        settings.put("num.replica.fetchers", "1");
        return settings;
    }

    private static Broker node(Path directory, String cluster, int id, Map<String, String> settings)
            throws IOException {
        Path data = directory.resolve("data");
        settings.put("node.id", Integer.toString(id));
        settings.put("log.dirs", data.toString());
        Files.createDirectories(data);
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setClusterId(cluster)
                    .setNodeId(id)
                    .setDirectories(List.of(data.toString()))
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setHasDynamicQuorum(false)
                    .setPrintStream(silent)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        return new Broker(directory.getFileName().toString(), directory, settings);
    }

    /** The three brokers' proxies, for {@code --kafka}. */
    public String bootstrap() {
        return clients.bootstrap();
    }

    public KafkaClients clients() {
        return clients;
    }

    /** @param number from 1 */
    public Broker broker(int number) {
        return brokers.get(number - 1);
    }

    public List<Broker> brokers() {
        return List.copyOf(brokers);
    }

    public List<TcpProxy> proxies() {
        return List.copyOf(proxies);
    }

    /** Starts what does not run. */
    public void startAll() {
        controller.start();
        brokers.forEach(Broker::start);
    }

    /** All brokers and the controller, at once. */
    public void killAll() {
        brokers.forEach(Broker::kill);
        controller.kill();
    }

    /** The brokers that keep the partition of the audit topic, its leader first. */
    public List<Broker> leaderFirst(int partition) {
        TopicPartitionInfo info = audit().partitions().get(partition);
        List<Broker> found = new ArrayList<>();
        found.add(broker(info.leader().id()));
        info.replicas().stream()
                .filter(node -> node.id() != info.leader().id())
                .forEach(node -> found.add(broker(node.id())));
        return found;
    }

    private void awaitBrokers() {
        await("not all brokers have come up", () -> {
            Admin admin = clients.admin("chaos");
            try {
                int count = admin.describeCluster(new DescribeClusterOptions().timeoutMs(5000))
                        .nodes()
                        .get(10, TimeUnit.SECONDS)
                        .size();
                return count == BROKERS;
            } finally {
                admin.close(Duration.ZERO);
            }
        });
    }

    /** Waits until every partition of the audit topic has a leader and so many replicas in step. */
    public void awaitReplicas(int count) {
        await(
                "not every partition has " + count + " replicas in step",
                () -> audit().partitions().stream()
                        .allMatch(one -> one.leader() != null
                                && !one.leader().isEmpty()
                                && one.isr().size() == count));
    }

    /** What the cluster may refuse to answer. */
    @FunctionalInterface
    private interface Question {
        boolean answered() throws ExecutionException, TimeoutException, InterruptedException;
    }

    private static void await(String otherwise, Question question) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (question.answered()) {
                    return;
                }
            } catch (ExecutionException | TimeoutException | IllegalStateException e) {
                last = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(otherwise, e);
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        throw new AssertionError(otherwise, last);
    }

    private TopicDescription audit() {
        Admin admin = clients.admin("chaos");
        try {
            Collection<TopicDescription> topics = admin.describeTopics(
                            List.of(Topics.AUDIT), new DescribeTopicsOptions().timeoutMs(5000))
                    .allTopicNames()
                    .get(10, TimeUnit.SECONDS)
                    .values();
            return topics.iterator().next();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private void needTwo() {
        Admin admin = clients.admin("chaos");
        try {
            Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
            for (String topic : List.of(Topics.AUDIT, Topics.VERDICTS, Topics.REQUESTS, Topics.DEAD_LETTERS)) {
                changes.put(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("min.insync.replicas", "2"), AlterConfigOp.OpType.SET)));
            }
            admin.incrementalAlterConfigs(changes).all().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        killAll();
        for (TcpProxy proxy : proxies) {
            try {
                proxy.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
