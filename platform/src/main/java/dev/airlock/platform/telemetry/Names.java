package dev.airlock.platform.telemetry;

import static dev.airlock.platform.telemetry.Names.Attribute.DESTINATION;
import static dev.airlock.platform.telemetry.Names.Attribute.ENGINE;
import static dev.airlock.platform.telemetry.Names.Attribute.ERROR;
import static dev.airlock.platform.telemetry.Names.Attribute.OUTCOME;
import static dev.airlock.platform.telemetry.Names.Attribute.PARTITION;
import static dev.airlock.platform.telemetry.Names.Attribute.REFUSAL;
import static dev.airlock.platform.telemetry.Names.Attribute.STATE;
import static dev.airlock.platform.telemetry.Names.Attribute.STEP_KIND;
import static dev.airlock.platform.telemetry.Names.Attribute.SYSTEM;
import static dev.airlock.platform.telemetry.Names.Attribute.TIER;
import static dev.airlock.platform.telemetry.Names.Attribute.TYPE;
import static dev.airlock.platform.telemetry.Names.Attribute.VERDICT;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;
import java.util.Locale;

/**
 * Every name that leaves a process as telemetry: metrics, spans, attributes. Names of OpenTelemetry's semantic conventions
 * where those have one, {@code airlock.…} otherwise. Dashboards are written against them, so they are part of the contract:
 * adding is free, a rename is a new name.
 */
public final class Names {
    /** What everything is reported under; OpenTelemetry calls it the instrumentation scope. */
    public static final String SCOPE = "dev.airlock";

    private static final List<Double> SHORT =
            List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0);
    private static final List<Double> LONG =
            List.of(0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 86_400.0, 604_800.0);

    private Names() {}

    /** How a metric counts. */
    public enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** The metrics. Their attributes take few values each: never an id of a run, never what a request brought along. */
    @SuppressWarnings("ImmutableEnumChecker") // List.of
    public enum Metric {
        TRIGGER_LAG(
                "airlock.trigger.lag",
                Kind.GAUGE,
                "{record}",
                "Requests on a partition that are not settled yet, by the partitions that this process serves.",
                DESTINATION,
                PARTITION),
        TRIGGER_AGE(
                "airlock.trigger.age",
                Kind.GAUGE,
                "s",
                "How long the oldest of them has waited, by the broker's clock; 0 when none waits.",
                DESTINATION,
                PARTITION),
        TRIGGER_PAUSED(
                "airlock.trigger.paused",
                Kind.GAUGE,
                "{partition}",
                "Partitions that are paused, because Temporal is away or a quota is full."),
        TRIGGER_START_DURATION(
                "airlock.trigger.start.duration",
                Kind.HISTOGRAM,
                "s",
                "From a request's arrival at the broker until Temporal has accepted its run."),
        TRIGGER_STARTS("airlock.trigger.starts", Kind.COUNTER, "{run}", "Runs that a request has started."),
        TRIGGER_DUPLICATES(
                "airlock.trigger.duplicates",
                Kind.COUNTER,
                "{record}",
                "Requests answered by the run that was already there."),
        TRIGGER_DEAD_LETTERS(
                "airlock.trigger.dead_letters",
                Kind.COUNTER,
                "{record}",
                "Records put on the dead-letter topic, by cause.",
                ERROR),
        CONSUMED(
                "messaging.client.consumed.messages",
                Kind.COUNTER,
                "{message}",
                "Records that the trigger has taken from Kafka.",
                SYSTEM,
                DESTINATION),
        SENT(
                "messaging.client.sent.messages",
                Kind.COUNTER,
                "{message}",
                "Records that Kafka has acknowledged, or not: then with an error type.",
                SYSTEM,
                DESTINATION,
                ERROR),
        VERDICTS("airlock.verdicts", Kind.COUNTER, "{event}", "Verdicts sent, by event type.", TYPE),
        AUDIT_LATENCY(
                "airlock.audit.latency",
                Kind.HISTOGRAM,
                "s",
                "From what happened in a run until Kafka has acknowledged its audit event."),
        AUDIT_EVENTS(
                "airlock.audit.events", Kind.COUNTER, "{event}", "Audit events of runs that Kafka has acknowledged."),
        AUDIT_FAILURES(
                "airlock.audit.failures",
                Kind.COUNTER,
                "{attempt}",
                "Attempts to write audit events that failed; each is made again.",
                ERROR),
        AUDIT_BACKLOG(
                "airlock.audit.backlog",
                Kind.GAUGE,
                "{event}",
                "Audit events that this process has tried to write and Kafka has not acknowledged."),
        AUDIT_BACKLOG_AGE(
                "airlock.audit.backlog.age",
                Kind.GAUGE,
                "s",
                "How long ago the oldest of them happened; 0 when there is none."),
        RUNS(
                "airlock.runs",
                Kind.GAUGE,
                "{run}",
                "Open runs by state, as Temporal counts them; `airlock server` and `dev` ask it.",
                STATE),
        RUNS_STARTED("airlock.runs.started", Kind.COUNTER, "{run}", "Runs begun."),
        RUNS_ENDED("airlock.runs.ended", Kind.COUNTER, "{run}", "Runs ended, by outcome.", OUTCOME),
        RUN_DURATION(
                "airlock.run.duration",
                Kind.HISTOGRAM,
                "s",
                "From a run's start to its end, reviews included.",
                OUTCOME),
        RUNS_ATTENTION(
                "airlock.runs.attention",
                Kind.COUNTER,
                "{event}",
                "Times that a run has stopped and asked for a person."),
        STEP_DURATION(
                "airlock.step.duration",
                Kind.HISTOGRAM,
                "s",
                "From a step attempt's start to its verdict.",
                STEP_KIND,
                VERDICT),
        SANDBOX_START(
                "airlock.sandbox.start.duration",
                Kind.HISTOGRAM,
                "s",
                "From asking for a sandbox until its process 1 answers. One that is found again counts as well.",
                ENGINE,
                TIER),
        SANDBOX_LEASE(
                "airlock.sandbox.lease.duration",
                Kind.HISTOGRAM,
                "s",
                "How long a worker has held a sandbox: until it let it go, or lost it.",
                ENGINE,
                TIER),
        SANDBOXES("airlock.sandboxes", Kind.GAUGE, "{sandbox}", "Sandboxes that this worker holds now.", ENGINE, TIER),
        ORPHANS_REMOVED(
                "airlock.sandbox.orphans.removed",
                Kind.COUNTER,
                "{sandbox}",
                "Sandboxes removed by a sweep because nobody would come back for them."),
        SWEEP_FAILURES(
                "airlock.sandbox.sweep.failures",
                Kind.COUNTER,
                "{sweep}",
                "Sweeps of a host that could not find out what may go; nothing was removed."),
        REFUSALS(
                "airlock.refusals",
                Kind.COUNTER,
                "{request}",
                "Requests that policy did not let through, by reason.",
                REFUSAL);

        private final String id;
        private final Kind kind;
        private final String unit;
        private final String description;
        private final List<Attribute> attributes;

        Metric(String id, Kind kind, String unit, String description, Attribute... attributes) {
            this.id = id;
            this.kind = kind;
            this.unit = unit;
            this.description = description;
            this.attributes = List.of(attributes);
        }

        /** Its name in OpenTelemetry. */
        public String id() {
            return id;
        }

        public Kind kind() {
            return kind;
        }

        /** As UCUM writes it. */
        public String unit() {
            return unit;
        }

        public String description() {
            return description;
        }

        public List<Attribute> attributes() {
            return attributes;
        }

        /** Its name on the Prometheus endpoint; a histogram's series end in {@code _bucket}, {@code _sum}, {@code _count}. */
        public String prometheus() {
            String base = id.replace('.', '_') + (unit.equals("s") ? "_seconds" : "");
            return kind == Kind.COUNTER ? base + "_total" : base;
        }

        List<Double> buckets() {
            return this == RUN_DURATION || this == STEP_DURATION || this == SANDBOX_LEASE ? LONG : SHORT;
        }
    }

    /** The spans of a run's trace, from the outside in. */
    public enum SpanName {
        PROCESS("process airlock.requests", "A record is taken from the requests topic, until it is settled."),
        START("start run", "The run is handed to Temporal: by the trigger, or by a command."),
        RUN("run", "A run, from its start to its end. Its span comes when it has ended; all that follow hang on it."),
        STEP("step", "One attempt of one step."),
        CHANGE(
                "change run",
                "Somebody decides a review, or retries, extends or cancels the run: from its arrival at the run until the run has answered. Linked to the caller's span, if he told one."),
        ACTIVITY(
                "activity",
                "One try of an activity; the span is called by the activity's name, such as `Sandbox_Run`."),
        COMMAND("sandbox command", "The command in its sandbox, from its start to its end."),
        SEND(
                "send",
                "Records on their way to Kafka, until they are acknowledged; the topic follows, as in `send airlock.verdicts`.");

        private final String id;
        private final String description;

        SpanName(String id, String description) {
            this.id = id;
            this.description = description;
        }

        /** Its name, or how it begins. */
        public String id() {
            return id;
        }

        public String description() {
            return description;
        }
    }

    /** What metrics and spans carry. No secrets, no content: ids, digests, sizes and words of a fixed list. */
    @SuppressWarnings("ImmutableEnumChecker") // OpenTelemetry's keys are values
    public enum Attribute {
        RUN("airlock.run.id", "a run's id; on spans alone"),
        WORKSPACE("airlock.workspace", "a workspace's name; on spans alone"),
        OUTCOME("airlock.run.outcome", "an outcome, such as `PROMOTED`"),
        STATE("airlock.run.state", "a state, such as `WAITING_REVIEW`"),
        STEP("airlock.step.id", "a step's id in its pipeline; on spans alone"),
        STEP_KIND("airlock.step.kind", "what it uses, such as `sandbox`"),
        ATTEMPT("airlock.step.attempt", "its attempt, from 1; on spans alone"),
        VERDICT("airlock.step.verdict", "a verdict, such as `RED`"),
        ENGINE("airlock.sandbox.engine", "`docker` or `bubblewrap`"),
        TIER("airlock.sandbox.tier", "how well the engine isolates"),
        LIMIT("airlock.sandbox.limit", "the limit that ended a command; on spans alone"),
        REFUSAL("airlock.refusal", "why policy said no"),
        ACTION("airlock.run.action", "what somebody asked of a run, such as `approve`; on spans alone"),
        INSTALLATION("airlock.installation", "the installation's id; of the resource"),
        EVENTS("messaging.batch.message_count", "how many records were sent together; on spans alone"),
        SYSTEM("messaging.system", "`kafka`"),
        OPERATION("messaging.operation.type", "`process` or `send`; on spans alone"),
        DESTINATION("messaging.destination.name", "a topic"),
        PARTITION("messaging.destination.partition.id", "a partition's number"),
        OFFSET("messaging.kafka.offset", "a record's offset; on spans alone"),
        TYPE("cloudevents.event_type", "an event type of ours"),
        ERROR("error.type", "a failure code or cause; absent when all went well"),
        EXIT_CODE("process.exit.code", "what the command answered; on spans alone"),
        IMAGE("container.image.id", "digest of the sandbox's image; on spans alone"),
        HOST("host.name", "this machine; of the resource"),
        SERVICE("service.name", "`airlock-worker`, `airlock-server`, `airlock-dev`, or what is set; of the resource"),
        VERSION("service.version", "Airlock's version; of the resource"),
        INSTANCE("service.instance.id", "the process; of the resource");

        private final String id;
        private final String description;
        private final AttributeKey<String> text;
        private final AttributeKey<Long> number;

        Attribute(String id, String description) {
            this.id = id;
            this.description = description;
            this.text = AttributeKey.stringKey(id);
            this.number = AttributeKey.longKey(id);
        }

        /** Its name in OpenTelemetry. */
        public String id() {
            return id;
        }

        public String description() {
            return description;
        }

        /** Its label on the Prometheus endpoint. */
        public String prometheus() {
            return id.replace('.', '_').toLowerCase(Locale.ROOT);
        }

        AttributeKey<String> text() {
            return text;
        }

        AttributeKey<Long> number() {
            return number;
        }
    }
}
