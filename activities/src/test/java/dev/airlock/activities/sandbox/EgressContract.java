package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.airlock.activities.egress.EgressGuard;
import dev.airlock.activities.egress.EgressSettings;
import dev.airlock.evidence.egress.EgressDocument;
import dev.airlock.evidence.egress.EgressDocument.Entry;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.pipeline.Network;
import dev.airlock.workflows.sandbox.EgressSummary;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gets out of a real sandbox, with an upstream and names of our own: only what is allowed, and all else is listed. */
abstract class EgressContract {
    private static final String ALLOWED = "api.example.com";

    @TempDir
    Path directory;

    private final List<String> served = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> names = Collections.synchronizedMap(new TreeMap<>());
    private HttpServer upstream;
    private int port;
    private JobFixture fixture;

    abstract TestEngine kind();

    @BeforeEach
    void open() throws Exception {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            served.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            byte[] answer = ("served " + exchange.getRequestURI() + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        upstream.start();
        port = upstream.getAddress().getPort();
        names.put(ALLOWED, "127.0.0.1");
        EgressSettings settings = EgressSettings.of(
                Map.of(
                        EgressSettings.HOSTS,
                        ALLOWED + ":" + port + ",rebound.example.com:" + port,
                        EgressSettings.PRIVATE,
                        ALLOWED + ":" + port),
                name -> List.of(InetAddress.getByName(names.getOrDefault(name, "nowhere.invalid"))));
        fixture = JobFixture.on(kind(), directory, new EgressGuard(settings));
    }

    @AfterEach
    void close() throws Exception {
        upstream.stop(0);
        fixture.close();
    }

    private Network network(String... hosts) {
        return new Network(Arrays.stream(hosts)
                .map(host -> new Network.Allow(host, List.of(port), List.of(), List.of(), null))
                .toList());
    }

    /** Defines {@code get URL}. */
    private static final String GET = """
            get() { python3 - "$1" <<'END'
            import sys, urllib.request
            try:
                sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())
            except Exception as e:
                print(e)
            END
            }
            """;

    private List<String> asked(SandboxResult.Ended ended) throws Exception {
        EgressSummary summary = Objects.requireNonNull(ended.command().egress());
        EgressDocument document = Payloads.mapper().readValue(fixture.text(summary.log()), EgressDocument.class);
        return document.entries().stream().map(this::line).collect(Collectors.toList());
    }

    private String line(Entry entry) {
        return entry.verdict() + " " + entry.method() + " " + entry.host()
                + (entry.port() == port ? "" : ":" + entry.port())
                + (entry.reason() == null ? "" : " " + entry.reason())
                + " x" + entry.count();
    }

    @Test
    void letsOutWhatIsAllowedAndListsTheRest() throws Exception {
        SandboxJob job = fixture.job(
                GET + "get http://" + ALLOWED + ":" + port + "/hello; get http://other.example.com:" + port + "/",
                network(ALLOWED));

        SandboxResult.Ended ended = fixture.ended(job);

        assertThat(fixture.text(ended.command().report())).isEqualTo("served /hello\nHTTP Error 403: Forbidden\n");
        assertThat(served).containsExactly("GET /hello ");
        assertThat(asked(ended))
                .containsExactly("ALLOWED GET " + ALLOWED + " x1", "BLOCKED GET other.example.com HOST x1");
    }
}
