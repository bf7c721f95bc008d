package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.airlock.evidence.audit.AuditReader;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A run whose test asks for something outside: through the product's own processes, and what they keep of it. */
class NetworkIT {
    private static final String CANARY = "canary-0b5e55ed-s3cr3t";
    private static final String PASSWORD = "password";

    private static final List<String> served = Collections.synchronizedList(new ArrayList<>());
    private static Airlock airlock;
    private static HttpServer plain;
    private static HttpsServer secure;

    @BeforeAll
    static void start() throws Exception {
        airlock = new Airlock();
        Path upstream = airlock.scratch("upstream");
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        plain = HttpServer.create(any, 0);
        secure = HttpsServer.create(any, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls(upstream)));
        for (HttpServer server : List.of(plain, secure)) {
            server.createContext("/", NetworkIT::serve);
            server.start();
        }
        Path secret = Files.writeString(airlock.scratch("secrets").resolve("token"), CANARY + "\n");
        airlock.dev("--no-worker");
        airlock.worker(Map.of(
                "AIRLOCK_EGRESS", "localhost:" + port(plain) + ",localhost:" + port(secure),
                "AIRLOCK_EGRESS_PRIVATE", "localhost:" + port(plain) + ",localhost:" + port(secure),
                "AIRLOCK_EGRESS_CA", upstream.resolve("authority.pem").toString(),
                "AIRLOCK_SECRETS", "TOKEN=file:" + secret));
    }

    private static void serve(HttpExchange exchange) throws IOException {
        served.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] answer = "welcome\n".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    @AfterAll
    static void stop() throws IOException {
        airlock.close();
        plain.stop(0);
        secure.stop(0);
    }

    @Test
    void whatWasLetOutAndWhatNotIsEvidenceAndTheSecretIsNowhere() throws Exception {
        Run run = push("networked", """
                network:
                        allow:
                          - { host: localhost, ports: [%d] }
                          - { host: localhost, ports: [%d], secret: TOKEN }
                """.formatted(port(plain), port(secure)));
        run.awaitReview();

        assertThat(run.log("test")).contains("HTTP/1.1 200", "HTTP/1.1 403").doesNotContain(CANARY);
        assertThat(served).containsExactly("/open null", "/secret Bearer " + CANARY);
        JsonNode review = airlock.ok("review", run.id()).json();
        assertThat(review.at("/document/egress").asText()).startsWith("sha256:");
        assertThat(review.path("findings")).singleElement().satisfies(finding -> {
            assertThat(finding.path("rule").asText()).isEqualTo("egress/blocked");
            assertThat(finding.path("message").asText())
                    .contains("GET evil.example.com:80 was blocked (HOST)")
                    .contains("asked by: python3 ask.py");
        });
        run.approve(run.evidence());
        run.awaitPromotion();

        List<JsonNode> ended = airlock.ok("audit", "show", run.id())
                .out()
                .lines()
                .map(NetworkIT::json)
                .filter(event -> event.at("/data/egress").isTextual())
                .toList();
        assertThat(ended).singleElement().satisfies(event -> {
            assertThat(event.path("type").asText()).isEqualTo("dev.airlock.step.completed.v1");
            assertThat(event.at("/data/egressAllowed").asInt()).isEqualTo(2);
            assertThat(event.at("/data/egressBlocked").asInt()).isEqualTo(1);
            assertThat(event.at("/data/egress").asText())
                    .isEqualTo(review.at("/document/egress").asText());
        });
        airlock.ok("audit", "verify", run.id());
        assertNowhere(airlock.state, run);
    }

    @Test
    void aStepThatAsksForMoreThanTheInstallationAllowsDoesNotStart() throws Exception {
        Run run = push("greedy", "network: { allow: [{ host: evil.example.com }] }\n");

        airlock.awaitStatus(
                run.id(), status -> status.path("state").asText().equals("NEEDS_ATTENTION"), "it does not ask");
        assertThat(run.status().path("reason").asText())
                .contains("evil.example.com:443", "AIRLOCK_EGRESS of the worker");
    }

    private static Run push(String workspace, String network) throws IOException {
        Path base = airlock.scratch(workspace);
        Files.createDirectories(base.resolve(".airlock"));
        Files.writeString(base.resolve(".airlock/pipeline.yaml"), """
                pipeline: %s
                steps:
                  - id: generate
                    uses: generate
                  - id: test
                    uses: sandbox
                    with:
                      run: [python3, ask.py]
                      %s
                  - id: review
                    uses: review
                  - id: promote
                    uses: promote
                """.formatted(workspace, network.stripTrailing()));
        Files.writeString(base.resolve("ask.py"), """
                import os, socket
                def ask(url, host):
                    s = socket.create_connection(("127.0.0.1", 3128), 60)
                    s.sendall(f"GET {url} HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n".encode())
                    got = b""
                    while piece := s.recv(65536): got += piece
                    print(got.decode().splitlines()[0])
                ask("http://localhost:%d/open", "localhost:%d")
                ask("http://localhost:%d/secret", "localhost:%d")
                ask("http://evil.example.com/", "evil.example.com")
                print(os.environ)
                """.formatted(port(plain), port(plain), port(secure), port(secure)));
        airlock.ok("workspace", "create", workspace, "--from", base.toString());
        Files.writeString(base.resolve("new.txt"), "new\n");
        return new Run(
                airlock, airlock.ok("push", workspace, "--dir", base.toString()).text("/run"));
    }

    /** Temporal's and Kafka's files, artifacts, output, logs, git: every byte that the installation keeps. */
    private static void assertNowhere(Path state, Run run) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(state)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        assertThat(files).hasSizeGreaterThan(20);
        for (Path file : files) {
            try {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(CANARY);
            } catch (NoSuchFileException e) {
                // Some are made anew all the time.
            }
        }
        String bootstrap = json(Files.readString(state.resolve("endpoints.json")))
                .at("/kafka/bootstrap")
                .asText();
        for (String topic : List.of(Topics.AUDIT, Topics.VERDICTS, Topics.OUTPUT)) {
            assertThat(records(bootstrap, topic, run))
                    .as(topic)
                    .isNotEmpty()
                    .noneMatch(record -> record.contains(CANARY));
        }
    }

    /** Records may be compressed in Kafka's own files. */
    private static List<String> records(String bootstrap, String topic, Run run) {
        List<String> records = new ArrayList<>();
        try (AuditReader reader = new AuditReader(new KafkaClients(bootstrap), topic, Duration.ofSeconds(20))) {
            for (int partition = 0; partition < reader.partitions(); partition++) {
                reader.read(
                        partition,
                        0,
                        new RunId(run.id()),
                        (place, offset, value) -> records.add(new String(value, StandardCharsets.UTF_8)));
            }
        }
        return records;
    }

    private static JsonNode json(String text) {
        try {
            return Payloads.mapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    private static SSLContext tls(Path directory) throws Exception {
        String keys = directory.resolve("keys.p12").toString();
        keytool(
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "SAN=dns:localhost",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys,
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "own",
                "-keystore",
                keys,
                "-storepass",
                PASSWORD,
                "-file",
                directory.resolve("authority.pem").toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(keys))) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
