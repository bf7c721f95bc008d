package dev.airlock.cli;

import dev.airlock.dev.ports.Ports;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.KafkaSecurity;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** A broker with TLS, logins and an authorizer, that allows nothing of itself. A second listener without a login is the test's own. */
final class SecuredBroker implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final Pattern WORD = Pattern.compile("--([a-z-]+)(?:\\s+(?!--)(\\S+))?");

    private final Path directory;
    private final KafkaRaftServer server;
    private final String bootstrap;
    private final KafkaClients own;

    private SecuredBroker(Path directory, KafkaRaftServer server, String bootstrap, String own) {
        this.directory = directory;
        this.server = server;
        this.bootstrap = bootstrap;
        this.own = new KafkaClients(own);
    }

    /** @param users who may log in, each with the password that {@link #password} tells */
    static SecuredBroker start(Path directory, Ports ports, Collection<String> users) throws Exception {
        Path keys = directory.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=broker",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "7",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "broker",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD,
                "-file",
                directory.resolve("ca.pem").toString());
        int clients = ports.of("clients");
        int own = ports.of("own");
        Path data = directory.resolve("data");
        format(data);
        Map<String, String> settings = settings(data, clients, own, ports.of("controller"));
        login(settings, keys, users);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
        return new SecuredBroker(directory, server, "127.0.0.1:" + clients, "127.0.0.1:" + own);
    }

    private static void keytool(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool refuses " + words[0]);
        }
    }

    private static Map<String, String> settings(Path data, int clients, int own, int controller) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "OWN");
        settings.put("listener.security.protocol.map", "CLIENTS:SASL_SSL,OWN:PLAINTEXT,CONTROLLER:PLAINTEXT");
        String listeners = "CLIENTS://127.0.0.1:" + clients + ",OWN://127.0.0.1:" + own;
        settings.put("listeners", listeners + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("advertised.listeners", listeners);
        settings.put("log.dirs", data.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("log.index.size.max.bytes", "1048576");
        settings.put("controller.quorum.election.timeout.ms", "200");
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:ANONYMOUS");
        return settings;
    }

    private static void login(Map<String, String> settings, Path keys, Collection<String> users) {
        settings.put("listener.name.clients.ssl.keystore.location", keys.toString());
        settings.put("listener.name.clients.ssl.keystore.type", "PKCS12");
        settings.put("listener.name.clients.ssl.keystore.password", PASSWORD);
        settings.put("listener.name.clients.ssl.key.password", PASSWORD);
        settings.put("listener.name.clients.sasl.enabled.mechanisms", "PLAIN");
        StringBuilder jaas = new StringBuilder("org.apache.kafka.common.security.plain.PlainLoginModule required");
        users.forEach(user -> jaas.append(" user_")
                .append(user)
                .append("=\"")
                .append(password(user))
                .append('"'));
        settings.put("listener.name.clients.plain.sasl.jaas.config", jaas + ";");
    }

    private static void format(Path data) throws Exception {
        Files.createDirectories(data);
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setDirectories(List.of(data.toString()))
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setHasDynamicQuorum(false)
                    .setPrintStream(silent)
                    .run();
        }
    }

    static String password(String user) {
        return "secret-of-" + user;
    }

    String bootstrap() {
        return bootstrap;
    }

    /** The file that {@code AIRLOCK_KAFKA_PROPERTIES} would name. */
    Path properties(String user, String password) throws IOException {
        return Files.writeString(
                directory.resolve(user + ".properties"), """
                security.protocol = SASL_SSL
                ssl.truststore.type = PEM
                ssl.truststore.location = %s
                sasl.mechanism = PLAIN
                sasl.jaas.config = org.apache.kafka.common.security.plain.PlainLoginModule required \
                username="%s" password="%s";
                """.formatted(directory.resolve("ca.pem"), user, password));
    }

    KafkaClients as(String user) throws IOException {
        return new KafkaClients(bootstrap, KafkaSecurity.read(properties(user, password(user))));
    }

    /** What a line of {@code kafka-acls.sh --add} allows. */
    static List<AclBinding> acls(String line) {
        Map<String, List<String>> words = new HashMap<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            String value = matcher.group(2) == null ? "" : matcher.group(2);
            words.computeIfAbsent(matcher.group(1), unused -> new ArrayList<>()).add(value);
        }
        PatternType type = words.containsKey("resource-pattern-type")
                ? PatternType.fromString(words.getOrDefault("resource-pattern-type", List.of(""))
                        .getFirst()
                        .toUpperCase(java.util.Locale.ROOT))
                : PatternType.LITERAL;
        List<ResourcePattern> resources = new ArrayList<>();
        words.getOrDefault("topic", List.of())
                .forEach(name -> resources.add(new ResourcePattern(ResourceType.TOPIC, name, type)));
        words.getOrDefault("group", List.of())
                .forEach(name -> resources.add(new ResourcePattern(ResourceType.GROUP, name, type)));
        words.getOrDefault("cluster", List.of())
                .forEach(unused ->
                        resources.add(new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL)));
        List<AclBinding> bindings = new ArrayList<>();
        for (ResourcePattern resource : resources) {
            for (String operation : new TreeSet<>(words.getOrDefault("operation", List.of()))) {
                AccessControlEntry entry = new AccessControlEntry(
                        words.getOrDefault("allow-principal", List.of("")).getFirst(),
                        "*",
                        operation(operation),
                        AclPermissionType.ALLOW);
                bindings.add(new AclBinding(resource, entry));
            }
        }
        return bindings;
    }

    private static AclOperation operation(String word) {
        return Arrays.stream(AclOperation.values())
                .filter(each -> each.name().replace("_", "").equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no operation " + word));
    }

    void allow(Collection<AclBinding> bindings) throws Exception {
        try (Admin admin = own.admin("test")) {
            admin.createAcls(bindings).all().get(30, TimeUnit.SECONDS);
        }
    }

    void forbid(AclBinding binding) throws Exception {
        try (Admin admin = own.admin("test")) {
            AclBindingFilter filter = binding.toFilter();
            admin.deleteAcls(List.of(filter)).all().get(30, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
