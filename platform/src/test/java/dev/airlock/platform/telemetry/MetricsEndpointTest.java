package dev.airlock.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.telemetry.Names.Kind;
import dev.airlock.platform.telemetry.Names.Metric;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Prometheus gets when it asks. */
class MetricsEndpointTest {
    private static final RunId RUN = new RunId("run-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Telemetry telemetry = Telemetry.start(onAnyPort(), IDENTITY, () -> NOW);

    private static final Telemetry.Identity IDENTITY = new Telemetry.Identity("test", "1.2.3", "abcd", "here");

    private static TelemetryConfig onAnyPort() {
        return on(0);
    }

    private static TelemetryConfig on(int port) {
        return new TelemetryConfig(
                null,
                Map.of(),
                InetSocketAddress.createUnresolved("127.0.0.1", port),
                null,
                100,
                Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void tellsEveryMetricUnderItsName() throws Exception {
        touchAll();
        String told = scrape();

        for (Metric metric : Metric.values()) {
            String series = metric.prometheus() + (metric.kind() == Kind.HISTOGRAM ? "_bucket" : "");
            assertThat(told.lines().filter(line -> line.startsWith(series + "{") || line.startsWith(series + " ")))
                    .as(metric.id())
                    .isNotEmpty()
                    .allSatisfy(line -> metric.attributes()
                            .forEach(attribute -> assertThat(line).contains(attribute.prometheus() + "=\"")));
        }
    }

    @Test
    void tellsNoNameThatIsNotListed() throws Exception {
        touchAll();
        TreeSet<String> known = List.of(Metric.values()).stream()
                .map(Metric::prometheus)
                .map(name -> name.replaceAll("_total$", ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(scrape().lines()
                        .filter(line -> line.startsWith("# TYPE "))
                        .map(line -> line.split(" ")[2].replaceAll("_total$", ""))
                        .filter(name -> !name.equals("target_info") && !name.startsWith("otel_")))
                .containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void saysWhoTells() throws Exception {
        assertThat(scrape())
                .contains("service_name=\"airlock-test\"")
                .contains("airlock_installation=\"abcd\"")
                .contains("host_name=\"here\"");
    }

    @Test
    void countsABacklogUntilItIsAcknowledged() throws Exception {
        telemetry.audit().tried(RUN, List.of(NOW.minusSeconds(90), NOW));
        telemetry.audit().failed("UNAVAILABLE");
        assertThat(scrape()).contains("airlock_audit_backlog 2.0").contains("airlock_audit_backlog_age_seconds 90.0");

        telemetry.audit().acknowledged(RUN, List.of(NOW.minusSeconds(90), NOW));
        assertThat(scrape())
                .contains("airlock_audit_backlog 0.0")
                .contains("airlock_audit_backlog_age_seconds 0.0")
                .contains("airlock_audit_events_total 2.0")
                .contains("airlock_audit_latency_seconds_sum 90.0");
    }

    @Test
    void forgetsAPartitionThatAnotherServes() throws Exception {
        telemetry.trigger().waiting("airlock.requests", 3, 12, NOW.minusSeconds(5));
        assertThat(scrape()).containsPattern("airlock_trigger_lag\\{.*partition_id=\"3\".*} 12.0");

        telemetry.trigger().revoked("airlock.requests", 3);
        assertThat(scrape()).doesNotContain("partition_id=\"3\"");
    }

    @Test
    void takesOverWhatTemporalCounts() throws Exception {
        telemetry
                .temporal()
                .tagged(Map.of("task_queue", "airlock"))
                .counter("temporal_long_request")
                .inc(3);
        telemetry
                .temporal()
                .timer("temporal_activity_execution_latency")
                .record(com.uber.m3.util.Duration.ofMillis(20));
        telemetry.temporal().close(); // which reports at once

        assertThat(scrape())
                .containsPattern("temporal_long_request_total\\{.*task_queue=\"airlock\".*} 3.0")
                .contains("temporal_activity_execution_latency_seconds_count 1");
    }

    @Test
    void refusesAPortThatIsTaken() {
        int taken = address().getPort();

        assertThatThrownBy(() -> Telemetry.start(on(taken), IDENTITY))
                .isInstanceOfSatisfying(PlatformException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(PlatformException.Code.USAGE);
                    assertThat(refused).hasMessageContaining("127.0.0.1:" + taken);
                });
    }

    @Test
    void servesNobodyOnceClosed() {
        URI address = address();
        telemetry.close();

        assertThatThrownBy(() -> scrape(address)).isInstanceOf(IOException.class);
    }

    /** Each metric that there is gets a value. */
    private void touchAll() {
        telemetry.trigger().consumed("airlock.requests", 1);
        telemetry.trigger().started(NOW.minusSeconds(1));
        telemetry.trigger().duplicate();
        telemetry.trigger().deadLetter("TOO_OLD");
        telemetry.trigger().refused("SOURCE");
        telemetry.trigger().waiting("airlock.requests", 0, 0, null);
        telemetry.trigger().paused(0);
        telemetry.audit().tried(RUN, List.of(NOW));
        telemetry.audit().acknowledged(RUN, List.of(NOW));
        telemetry.audit().failed("UNAVAILABLE");
        telemetry.audit().notSent("airlock.verdicts", 1, "UNAVAILABLE");
        telemetry.audit().verdict("dev.airlock.run.ended.v1");
        telemetry.runs().started();
        telemetry.runs().ended("PROMOTED", Duration.ofMinutes(3));
        telemetry.runs().needsAttention();
        telemetry.runs().step("sandbox", "RED", Duration.ofSeconds(3));
        telemetry.runs().states(Map.of("RUNNING", 3L));
        telemetry
                .sandboxes()
                .leased(new EngineIdentity("docker", "runc", "container"), Duration.ofMillis(180))
                .close();
        telemetry.sandboxes().orphansRemoved(1);
        telemetry.sandboxes().sweepFailed();
    }

    private URI address() {
        return telemetry.address().orElseThrow();
    }

    private String scrape() throws Exception {
        return scrape(address());
    }

    private static String scrape(URI address) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(address)
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        }
    }
}
