package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.activities.egress.EgressGuard;
import dev.airlock.activities.egress.EgressSettings;
import dev.airlock.evidence.egress.EgressDocument;
import dev.airlock.evidence.egress.EgressDocument.Entry;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.pipeline.Network;
import dev.airlock.workflows.sandbox.EgressSummary;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gets out of a real sandbox, with upstreams and names of our own: only what is allowed, and all else is listed. */
abstract class EgressContract {
    private static final String OPEN = "open.example.com";
    private static final String GUARDED = "guarded.example.com";
    private static final String PRIVATE = "private.example.com";
    private static final String CANARY = "canary-4d1c0ffee5ecre7";

    @TempDir
    Path directory;

    private TestUpstream upstream;
    private JobFixture fixture;

    abstract TestEngine kind();

    @BeforeEach
    void open() throws Exception {
        upstream = TestUpstream.start(directory.resolve("upstream"), OPEN, GUARDED);
        upstream.names().put(PRIVATE, "127.0.0.1");
        use(EgressGuard.Bounds.DEFAULT);
    }

    private void use(EgressGuard.Bounds bounds) throws Exception {
        int port = upstream.port();
        int secure = upstream.securePort();
        EgressSettings settings = EgressSettings.of(
                Map.of(
                        EgressSettings.HOSTS,
                        OPEN + ":" + port + "," + OPEN + ":" + secure + "," + GUARDED + ":" + secure + "," + PRIVATE
                                + ":" + port,
                        EgressSettings.PRIVATE,
                        OPEN + ":" + port + "," + OPEN + ":" + secure + "," + GUARDED + ":" + secure,
                        EgressSettings.AUTHORITIES,
                        upstream.authority().toString(),
                        EgressSettings.SECRETS,
                        "TOKEN=env:THE_TOKEN",
                        "THE_TOKEN",
                        CANARY),
                upstream.resolver());
        if (fixture != null) {
            fixture.close();
        }
        fixture = JobFixture.on(
                kind(), directory.resolve("state-" + System.nanoTime()), new EgressGuard(settings, bounds));
    }

    @AfterEach
    void close() throws Exception {
        upstream.close();
        fixture.close();
    }

    private Network network() {
        return new Network(List.of(
                new Network.Allow(OPEN, List.of(upstream.port(), upstream.securePort()), List.of(), List.of(), null),
                new Network.Allow(PRIVATE, List.of(upstream.port()), List.of(), List.of(), null),
                new Network.Allow(
                        GUARDED,
                        List.of(upstream.securePort()),
                        List.of("GET"),
                        List.of("/v1/**"),
                        new Network.Secret("TOKEN", "Authorization", "Bearer {}"))));
    }

    /** A script for {@code python3} that has the ports in {@code P} and {@code S}, and some words of its own. */
    private SandboxJob python(String script) {
        return fixture.job(
                "cat > t.py <<'END'\n" + PREAMBLE + script + "\nEND\npython3 t.py " + upstream.port() + " "
                        + upstream.securePort(),
                network());
    }

    private static final String PREAMBLE = """
            import os, socket, ssl, sys, threading, urllib.request
            P, S = sys.argv[1], sys.argv[2]
            def dial():
                s = socket.create_connection(("127.0.0.1", 3128), 60)
                return s
            def raw(text):
                s = dial()
                s.sendall((text.replace("|", "\\r\\n") + "\\r\\n\\r\\n").encode("latin1"))
                got = b""
                try:
                    while True:
                        piece = s.recv(65536)
                        if not piece: break
                        got += piece
                except OSError as e:
                    got += repr(e).encode()
                return got.decode("latin1")
            def code(text):
                lines = raw(text).split("\\r\\n")
                why = [l.split(": ")[1] for l in lines if l.startswith("X-Airlock-Reason:")]
                print(lines[0][9:12], *why, flush=True)
            def fetch(url):
                try: return urllib.request.urlopen(url, timeout=60).read().decode()
                except Exception as e: return str(e)
            def tunnel(host, name):
                s = dial()
                s.sendall(f"CONNECT {host}:{S} HTTP/1.1\\r\\nHost: {host}:{S}\\r\\n\\r\\n".encode())
                head = b""
                while not head.endswith(b"\\r\\n\\r\\n"): head += s.recv(1)
                context = ssl._create_unverified_context()
                return context.wrap_socket(s, server_hostname=name)
            """;

    private String output(SandboxResult.Ended ended) throws IOException {
        return fixture.text(ended.command().report());
    }

    private EgressDocument document(SandboxResult.Ended ended) throws IOException {
        EgressSummary summary = Objects.requireNonNull(ended.command().egress());
        return Payloads.mapper().readValue(fixture.text(summary.log()), EgressDocument.class);
    }

    private List<String> asked(SandboxResult.Ended ended) throws IOException {
        return document(ended).entries().stream().map(this::line).toList();
    }

    private String line(Entry entry) {
        String port =
                entry.port() == upstream.port() ? "P" : entry.port() == upstream.securePort() ? "S" : "" + entry.port();
        return entry.verdict() + " " + entry.method() + " "
                + entry.host().replace(":" + upstream.port() + "/", ":P/") + ":" + port
                + (entry.reason() == null ? "" : " " + entry.reason()) + " x" + entry.count();
    }

    @Test
    void letsOutWhatIsAllowedAndListsTheRestWithItsCommand() throws Exception {
        SandboxResult.Ended ended = fixture.ended(python("""
                print(fetch(f"http://open.example.com:{P}/hello"))
                print(fetch(f"https://open.example.com:{S}/")[:40])
                t = tunnel("open.example.com", "open.example.com")
                t.sendall(b"GET /tls HTTP/1.0\\r\\nHost: open.example.com\\r\\n\\r\\n")
                print(t.recv(65536).decode().split("\\r\\n")[0])
                print(fetch(f"http://other.example.com:{P}/"))
                """));

        assertThat(output(ended)).startsWith("GET /hello \n").contains("200 OK", "HTTP Error 403: Forbidden");
        assertThat(upstream.served()).containsExactly("GET /hello ", "GET /tls ");
        assertThat(asked(ended))
                .containsExactly(
                        "ALLOWED GET open.example.com:P x1",
                        "ALLOWED CONNECT open.example.com:S x2",
                        "BLOCKED GET other.example.com:P HOST x1");
        assertThat(document(ended).entries())
                .allSatisfy(entry -> assertThat(entry.command())
                        .isEqualTo("python3 t.py " + upstream.port() + " " + upstream.securePort()));
        assertThat(document(ended).findings())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.message()).contains("GET other.example.com", "(HOST)", "python3 t.py"));
    }

    /** Around the proxy, and through it in every way that is not allowed. */
    @Test
    void nothingElseGetsOut() throws Exception {
        upstream.names().put("turned.example.com", "169.254.169.254");
        SandboxResult.Ended ended = fixture.ended(python("""
                def direct(f):
                    try: f(); print("OUT")
                    except OSError as e: print("no")
                direct(lambda: socket.create_connection(("1.1.1.1", 80), 3))
                direct(lambda: socket.create_connection(("169.254.169.254", 80), 3))
                direct(lambda: socket.create_connection(("2606:4700::1111", 80), 3))
                direct(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("8.8.8.8", 53)))
                direct(lambda: socket.getaddrinfo("secret-data.tunnel.example", 80))
                direct(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
                direct(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
                for host in ["127.0.0.1", "169.254.169.254", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
                             "turned.example.com", "localhost", "private.example.com"]:
                    code(f"GET http://{host}:{P}/ HTTP/1.1|Host: {host}:{P}")
                code(f"CONNECT 127.0.0.1:{P} HTTP/1.1|Host: 127.0.0.1:{P}")
                code(f"CONNECT open.example.com:22 HTTP/1.1|Host: open.example.com:22")
                code(f"GET http://open.example.com:22/ HTTP/1.1|Host: open.example.com:22")
                code(f"GET http://open.example.com:{P}/ HTTP/1.1|Host: other.example.com:{P}")
                code(f"GET http://open.example.com:{P}/ HTTP/1.1|Host: open.example.com:{P}|Host: other.example.com")
                code(f"GET / HTTP/1.1|Host: open.example.com:{P}")
                code(f"GET http://open.example.com:{P}/ws HTTP/1.1|Host: open.example.com:{P}|Connection: Upgrade|Upgrade: websocket")
                code(f"POST http://open.example.com:{P}/ HTTP/1.1|Host: open.example.com:{P}|Content-Length: 4|Transfer-Encoding: chunked")
                code(f"GET http://guarded.example.com/v2 HTTP/1.1|Host: guarded.example.com")
                code(f"DELETE http://guarded.example.com/v1/x HTTP/1.1|Host: guarded.example.com")
                code(f"CONNECT guarded.example.com:{S} HTTP/1.1|Host: guarded.example.com:{S}")
                print(fetch(f"http://open.example.com:{P}/redirect"))
                s = dial()
                s.sendall(f"CONNECT open.example.com:{P} HTTP/1.1\\r\\nHost: open.example.com:{P}\\r\\n\\r\\n".encode())
                s.recv(65536); s.sendall(b"GET /in-the-tunnel HTTP/1.1\\r\\nHost: a.b\\r\\n\\r\\n")
                try: print(s.recv(100))
                except OSError: print("cut")
                try: tunnel("open.example.com", "other.example.com"); print("OUT")
                except OSError: print("cut")
                """));

        assertThat(output(ended).lines())
                .containsExactly(
                        "no",
                        "no",
                        "no",
                        "no",
                        "no",
                        "no",
                        "no",
                        "403 HOST",
                        "403 HOST",
                        "400 BAD_REQUEST",
                        "400 BAD_REQUEST",
                        "400 BAD_REQUEST",
                        "400 BAD_REQUEST",
                        "403 HOST",
                        "403 HOST",
                        "403 PRIVATE_ADDRESS",
                        "403 HOST",
                        "403 PORT",
                        "403 PORT",
                        "403 HOST_MISMATCH",
                        "400 BAD_REQUEST",
                        "400 BAD_REQUEST",
                        "403 UPGRADE",
                        "400 BAD_REQUEST",
                        "403 PATH",
                        "403 METHOD",
                        "403 OPAQUE",
                        "HTTP Error 403: Forbidden",
                        "cut",
                        "cut");
        assertThat(upstream.served()).containsExactly("GET /redirect ");
        assertThat(asked(ended))
                .contains(
                        "BLOCKED GET 169.254.169.254:P HOST x1",
                        "BLOCKED GET private.example.com:P PRIVATE_ADDRESS x1",
                        "BLOCKED CONNECT open.example.com:22 PORT x1",
                        "BLOCKED GET http://2130706433:P/:0 BAD_REQUEST x1",
                        "BLOCKED GET open.example.com:P HOST_MISMATCH x1",
                        "BLOCKED POST http://open.example.com:P/:0 BAD_REQUEST x1",
                        "BLOCKED GET open.example.com:P UPGRADE x1",
                        "BLOCKED GET guarded.example.com:80 PATH x1",
                        "BLOCKED CONNECT guarded.example.com:S OPAQUE x1",
                        "BLOCKED GET 169.254.169.254:80 HOST x1",
                        "BLOCKED CONNECT open.example.com:P NOT_TLS x1",
                        "BLOCKED CONNECT open.example.com:S SERVER_NAME x1");
        assertThat(document(ended).entries())
                .filteredOn(entry -> "NO_NETWORK".equals(entry.reason()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.count()).isGreaterThanOrEqualTo(3));
    }

    /** The name turns to another address after it was looked at. */
    @Test
    void connectsToWhatWasLookedAt() throws Exception {
        upstream.turnAfterEachLook(OPEN, "127.0.0.1", "169.254.169.254");

        SandboxResult.Ended ended = fixture.ended(python("""
                for i in range(3): print(fetch(f"http://open.example.com:{P}/{i}").strip())
                """));

        assertThat(upstream.looks(OPEN)).isEqualTo(3);
        assertThat(upstream.served()).containsExactly("GET /0 ", "GET /2 ");
        assertThat(asked(ended)).contains("ALLOWED GET open.example.com:P x3");
    }

    @Test
    void addsTheSecretOutsideAndLeavesNoTraceOfIt() throws Exception {
        SandboxResult.Ended ended = fixture.ended(python("""
                print(fetch("http://guarded.example.com/v1/item").strip())
                print(raw("GET http://guarded.example.com/v1/item HTTP/1.1|Host: guarded.example.com|Authorization: mine|"
                          "Accept-Encoding: gzip").split("\\r\\n")[-1].strip())
                print("echo", fetch("http://guarded.example.com/v1/echo").strip())
                print(raw("GET http://guarded.example.com/v1/echo-late HTTP/1.0|Host: guarded.example.com")[-40:])
                print(os.environ, open("/proc/self/environ").read(), flush=True)
                os.system("grep -ra 'canary[-]4d1c0' /workspace /input /tmp /etc /run /proc/*/environ /proc/*/cmdline 2>/dev/null | head -3")
                """));

        assertThat(upstream.secrets()).hasSize(4).containsOnly("Bearer " + CANARY);
        assertThat(output(ended))
                .startsWith("GET /v1/item\nGET /v1/item\n")
                .contains("echo ")
                .doesNotContain(CANARY);
        assertThat(asked(ended))
                .containsExactly(
                        "ALLOWED GET guarded.example.com:S x4", "BLOCKED GET guarded.example.com:S SECRET_ECHO x2");
        try (Stream<Path> all = Files.walk(directory)) {
            assertThat(all.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .doesNotContain(CANARY));
        }
    }

    @Test
    void carriesMuchInBothDirections() throws Exception {
        SandboxResult.Ended ended = fixture.ended(python("""
                data = bytes((i * 7 + (i >> 9)) & 255 for i in range(6_000_000))
                r = urllib.request.Request(f"http://open.example.com:{P}/mirror", data=data, method="PUT")
                print(urllib.request.urlopen(r, timeout=60).read() == data)
                def chunks():
                    for i in range(0, 600_000, 4096): yield data[i:i+4096]
                r = urllib.request.Request(f"http://open.example.com:{P}/mirror", data=chunks(), method="PUT")
                print(urllib.request.urlopen(r, timeout=60).read() == data[:600_000 // 4096 * 4096 + 4096][:602_112])
                """));

        assertThat(output(ended)).isEqualTo("True\nTrue\n");
        assertThat(document(ended).entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.sent()).isBetween(6_600_000L, 6_700_000L));
    }

    @Test
    void isBounded() throws Exception {
        use(new EgressGuard.Bounds(6, 300_000, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(5)));

        SandboxResult.Ended ended = fixture.ended(python("""
                for i in range(3): print(len(fetch(f"http://open.example.com:{P}/big")))
                for i in range(5): code(f"GET http://x.y/ HTTP/1.1|Host: x.y")
                """));

        assertThat(output(ended))
                .startsWith("200000\n")
                .endsWith("403 HOST\n403 HOST\n403 HOST\n403 CONNECTIONS\n403 CONNECTIONS\n");
        assertThat(asked(ended)).contains("BLOCKED GET open.example.com:P BYTES x2");
    }

    @Test
    void manyConnectionsAtATime() throws Exception {
        many(400);
    }

    @Test
    @Tag("chaos")
    void tenThousandConnections() throws Exception {
        many(10_000);
    }

    private void many(int count) throws Exception {
        SandboxResult.Ended ended = fixture.ended(python("""
                answers = {}
                def ask(first):
                    for i in range(first, COUNT, 80):
                        host = "open.example.com" if i % 2 else "other.example.com"
                        a = raw(f"GET http://{host}:{P}/{i} HTTP/1.1|Host: {host}:{P}")[:12]
                        answers[i] = a
                threads = [threading.Thread(target=ask, args=(i,)) for i in range(80)]
                for t in threads: t.start()
                for t in threads: t.join()
                print(sum(a.endswith("200") for a in answers.values()), sum(a.endswith("403") for a in answers.values()))
                """.replace("COUNT", Integer.toString(count))));

        assertThat(output(ended)).isEqualTo(count / 2 + " " + count / 2 + "\n");
        assertThat(upstream.served()).hasSize(count / 2).allMatch(line -> line.matches("GET /[0-9]*[13579] "));
        EgressDocument document = document(ended);
        assertThat(document.count(EgressDocument.Verdict.ALLOWED)).isEqualTo(count / 2);
        assertThat(document.count(EgressDocument.Verdict.BLOCKED)).isEqualTo(count / 2);
    }

    /** What a command asks for with its last breath is listed too. */
    @Test
    void listsWhatIsAskedForAtTheEnd() throws Exception {
        SandboxResult.Ended ended = fixture.ended(python("""
                for i in range(5):
                    s = dial()
                    s.sendall(f"CONNECT evil.example.com:443 HTTP/1.1\\r\\nHost: evil.example.com:443\\r\\n\\r\\n".encode())
                os._exit(0)
                """));

        // Whose the last of them were could not be seen any more.
        assertThat(document(ended).count(EgressDocument.Verdict.BLOCKED)).isEqualTo(5);
        assertThat(asked(ended)).allMatch(line -> line.startsWith("BLOCKED CONNECT evil.example.com:443 HOST"));
    }

    @Test
    void goesOnWithItsListAfterAWorkerLeft() throws Exception {
        SandboxJob job = python("""
                import time
                print(fetch(f"http://open.example.com:{P}/one").strip(), flush=True)
                while not os.path.exists("/tmp/never"):
                    a = fetch(f"http://open.example.com:{P}/two")
                    if a.startswith("GET /two") and os.path.exists("/tmp/once"): break
                    open("/tmp/once", "w"); time.sleep(2)
                print(a.strip())
                """);
        StopSwitch stop = new StopSwitch();
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> {
            try {
                new JobRun(fixture.engine, fixture.stores, job, stop).run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        awaitServed("GET /two ");
        stop.set(StopSignal.Stop.DETACH);
        assertThatThrownBy(first::join).hasRootCauseInstanceOf(StoppedException.class);

        try (SandboxEngine second = fixture.engine()) {
            SandboxResult result = new JobRun(second, fixture.stores, job, JobFixture.GO_ON).run();

            SandboxResult.Ended ended = (SandboxResult.Ended) result;
            assertThat(output(ended)).isEqualTo("GET /one\nGET /two\n");
            assertThat(document(ended).count(EgressDocument.Verdict.ALLOWED)).isGreaterThanOrEqualTo(3);
        }
    }

    private void awaitServed(String line) throws Exception {
        for (int tries = 0; tries < 600 && !upstream.served().contains(line); tries++) {
            Thread.sleep(50);
        }
        assertThat(upstream.served()).contains(line);
    }

    @Test
    void startsNothingThatAsksForMoreThanTheInstallationAllows() {
        SandboxJob job = fixture.job(
                "true",
                new Network(List.of(new Network.Allow("evil.example.com", List.of(443), List.of(), List.of(), null))));

        assertThatThrownBy(() -> fixture.run(job))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.type()).isEqualTo(FailureType.NETWORK_REFUSED))
                .hasMessageContaining("evil.example.com:443")
                .hasMessageContaining("AIRLOCK_EGRESS");
    }

    @Test
    void aStepWithoutANetworkHasNoProxy() throws Exception {
        SandboxResult.Ended ended = fixture.ended(
                fixture.job(
                        "env | grep -i proxy; python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 3128), 3)' 2>&1 | tail -1"));

        assertThat(output(ended)).startsWith("ConnectionRefusedError");
        assertThat(ended.command().egress()).isNull();
    }

    @Test
    void listsWhatEarlierStepsAskedForFirst() throws Exception {
        SandboxResult.Ended first =
                fixture.ended(python("code(f'GET http://one.example/ HTTP/1.1|Host: one.example')"));
        SandboxJob next = python("code(f'GET http://two.example/ HTTP/1.1|Host: two.example')");
        SandboxResult.Ended second = fixture.ended(new SandboxJob(
                next.installation(),
                next.at(),
                next.tree(),
                next.command(),
                next.input(),
                next.product(),
                next.scheduledAt(),
                Objects.requireNonNull(first.command().egress()).log()));

        assertThat(asked(second))
                .containsExactly("BLOCKED GET one.example:80 HOST x1", "BLOCKED GET two.example:80 HOST x1");
        assertThat(Objects.requireNonNull(second.command().egress()).blocked()).isEqualTo(1);
        assertThat(Arrays.asList(1, 2))
                .isEqualTo(
                        document(second).entries().stream().map(Entry::attempt).toList());
    }
}
