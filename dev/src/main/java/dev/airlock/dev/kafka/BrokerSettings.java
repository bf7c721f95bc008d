package dev.airlock.dev.kafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A broker for one machine: few threads, small buffers, back at once after a crash. */
final class BrokerSettings {
    static final int NODE = 1;
    static final String CONTROLLER = "CONTROLLER";

    private BrokerSettings() {}

    /** @param killed whether the last broker on this directory did not end in order */
    static Map<String, String> of(Path data, int port, int controllerPort, boolean killed) {
        Map<String, String> settings = new HashMap<>();
        identity(settings, data, port, controllerPort);
        topics(settings);
        memory(settings);
        recovery(settings, killed);
        return settings;
    }

    private static void identity(Map<String, String> settings, Path data, int port, int controllerPort) {
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("inter.broker.listener.name", "BROKER");
        settings.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("listeners", "BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "BROKER://127.0.0.1:" + port);
        settings.put("log.dirs", data.toString());
    }

    private static void topics(Map<String, String> settings) {
        settings.put("auto.create.topics.enable", "false");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        // Whoever joins a group first need not wait for others that will not come.
        settings.put("group.initial.rebalance.delay.ms", "0");
    }

    private static void memory(Map<String, String> settings) {
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("log.cleaner.threads", "1");
        // Allocated at the start, whether anything is compacted or not; the default is 128 MB.
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("log.cleaner.io.buffer.size", "65536");
        settings.put("log.index.size.max.bytes", "1048576");
        settings.put("log.segment.bytes", "67108864");
        settings.put("queued.max.requests", "64");
        settings.put("socket.request.max.bytes", "16777216");
        settings.put("remote.log.storage.system.enable", "false");
    }

    private static void recovery(Map<String, String> settings, boolean killed) {
        // After a kill the controller takes the dead broker for alive until its session ends, and lets the next one
        // wait.
        // In other times a long session rides out a machine that is busy.
        settings.put("broker.session.timeout.ms", killed ? "2500" : "9000");
        settings.put("broker.heartbeat.interval.ms", killed ? "500" : "1000");
        settings.put("controller.quorum.election.timeout.ms", "200");
        settings.put("controller.quorum.election.backoff.max.ms", "200");
        // The metadata log of a single node needs no beat to tell that it is idle; by default it writes twice a second.
        settings.put("metadata.max.idle.interval.ms", "0");
    }
}
