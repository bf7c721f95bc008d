package dev.airlock.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.id.RunId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TracingTest {
    private static final String GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final RunId RUN = new RunId("run-aaaaaaaaaaaaaaaaaaaaaaaaaa");

    /** Nobody listens there: what is sent is lost, which is nobody's trouble. */
    private static final Telemetry TELEMETRY = Telemetry.start(
            new TelemetryConfig(URI.create("http://127.0.0.1:1"), Map.of(), null, null, 100, Duration.ofMinutes(1)),
            new Telemetry.Identity("test", "1", "abcd", "here"));

    @AfterAll
    static void close() {
        TELEMETRY.close();
    }

    @Test
    void staysInTheCallersTrace() {
        try (WorkSpan span = TELEMETRY.tracing().process("airlock.requests", 0, 7, GIVEN)) {
            assertThat(span.traceparent())
                    .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
                    .endsWith("-01");
            assertThat(span.traceparent()).isNotEqualTo(GIVEN);
            try (WorkSpan start = TELEMETRY.tracing().start(null)) {
                assertThat(start.traceId()).isEqualTo(span.traceId());
            }
        }
    }

    @Test
    void takesNothingForAParentThatIsNone() {
        String huge = GIVEN.repeat(100_000);
        for (String hostile : List.of(
                "",
                "x",
                huge,
                GIVEN + "-extra",
                GIVEN.toUpperCase(Locale.ROOT),
                GIVEN.replace("00-", "ff-"),
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\n",
                "00-٠af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "\u0000\uD800")) {
            try (WorkSpan span = TELEMETRY.tracing().process("airlock.requests", 0, 7, hostile)) {
                assertThat(span.traceId()).hasSize(32).isNotEqualTo("0af7651916cd43dd8448eb211c80319c");
            }
        }
    }

    @Test
    void obeysTheCallerWhoWantsNoTrace() {
        try (WorkSpan span = TELEMETRY.tracing().process("airlock.requests", 0, 7, GIVEN.replace("-01", "-00"))) {
            assertThat(span.traceparent()).endsWith("-00");
        }
    }

    @Test
    void givesARunTheSameIdsWhoeverAsks() {
        RunTrace one = TELEMETRY.tracing().run(RUN, "incarnation", GIVEN);
        RunTrace other = TELEMETRY.tracing().run(RUN, "incarnation", GIVEN);

        assertThat(one.traceparent()).isEqualTo(other.traceparent()).contains("0af7651916cd43dd8448eb211c80319c");
        assertThat(one.traceparent("test", 1)).isEqualTo(other.traceparent("test", 1));
        assertThat(List.of(
                        String.valueOf(one.traceparent("test", 2)),
                        String.valueOf(one.traceparent("tes", 12)),
                        String.valueOf(one.traceparent("test", 1)),
                        String.valueOf(one.traceparent()),
                        String.valueOf(
                                TELEMETRY.tracing().run(RUN, "reset", GIVEN).traceparent())))
                .doesNotHaveDuplicates();
    }

    @Test
    void findsATraceForARunThatCameWithout() {
        RunTrace trace = TELEMETRY.tracing().run(RUN, "incarnation", null);

        assertThat(trace.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(TELEMETRY.tracing().run(RUN, "reset", null).traceId()).isEqualTo(trace.traceId());
    }

    @Test
    void tellsItselfToTheWorkOnThisThreadAlone() {
        assertThat(Telemetry.current().isOff()).isTrue();
        try (WorkSpan span = TELEMETRY.tracing().activity("Sandbox_Run", GIVEN)) {
            assertThat(Telemetry.current()).isSameAs(TELEMETRY);
            try (WorkSpan command = Telemetry.current().tracing().command()) {
                assertThat(command.traceId()).isEqualTo(span.traceId());
            }
        }
        assertThat(Telemetry.current().isOff()).isTrue();
    }

    @Test
    void handsTheTraceOnWhereNothingIsKept() {
        Tracing off = Telemetry.off().tracing();

        assertThat(off.isOn()).isFalse();
        try (WorkSpan span = off.process("airlock.requests", 0, 7, GIVEN)) {
            assertThat(span.set(Names.Attribute.RUN, "x").failed("TOO_OLD").traceparent())
                    .isEqualTo(GIVEN);
        }
        assertThat(off.run(RUN, "incarnation", GIVEN).traceparent("test", 1)).isEqualTo(GIVEN);
        assertThat(off.run(RUN, "incarnation", null).traceparent()).isNull();
        try (WorkSpan span = off.start(null)) {
            assertThat(span.traceparent()).isNull();
        }
    }
}
