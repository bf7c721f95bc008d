package dev.airlock.cli.setup;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.cli.setup.TopicLayout.Report;
import dev.airlock.cli.setup.TopicLayout.Topic;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.TopicPlan;
import dev.airlock.platform.kafka.TopicPlan.Difference;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Installs, which the launcher does before there is any Java; and lays out the topics on a Kafka cluster, which is done here. */
@Command(
        name = "setup",
        description = {
            "Install what is missing: says what, and asks unless --yes.",
            "With --topics: make Airlock's topics on a Kafka cluster."
        },
        exitCodeList = {
            "0:done, or nothing to do",
            "1:with --topics: a topic that exists is otherwise than planned; it was left as it is",
            "2:it could not be done"
        },
        footer = {
            "",
            "--topics makes the topics that are missing, and changes none that exists: it says what differs, and the command that",
            "mends it. The defaults let one broker of three be away without loss; a single broker takes --replicas 1.",
            "",
            "Examples:",
            "  ./airlock setup",
            "  ./airlock setup --docker --temporal --yes",
            "  ./airlock setup --topics --kafka kafka1:9092,kafka2:9092 --partitions 12"
        })
@SuppressWarnings("unused") // the launcher's script reads some of the options
public final class SetupCommand extends Action {
    @Option(names = "--docker", description = "Only what docker sandboxes need. Without any of these: everything.")
    private boolean docker;

    @Option(names = "--bubblewrap", description = "Only what bubblewrap's sandboxes need.")
    private boolean bubblewrap;

    @Option(names = "--temporal", description = "Only the Temporal server.")
    private boolean temporal;

    @Option(names = "--demo", description = "Only the little that `airlock demo` needs.")
    private boolean demo;

    @Option(names = "--topics", description = "Only the topics, on a Kafka cluster that is running.")
    private boolean topics;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "That cluster ($$AIRLOCK_KAFKA). Default: what `dev` serves on the state directory.")
    private @Nullable String kafka;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "4", description = "Of each topic. Default: 4.")
    private int partitions = TopicPlan.DURABLE.partitions();

    @Option(names = "--replicas", paramLabel = "N", defaultValue = "3", description = "Of each partition. Default: 3.")
    private int replicas = TopicPlan.DURABLE.replicas();

    @Option(
            names = "--min-insync",
            paramLabel = "N",
            description = "Replicas that must have a record before it counts. Default: one less than there are.")
    private @Nullable Integer minInsync;

    public SetupCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        if (!topics) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    "setup is done by the launcher",
                    "setup",
                    "run ./airlock setup in the source tree; only --topics is done without it");
        }
        if (docker || bubblewrap || temporal || demo) {
            throw new AirlockException(
                    ErrorCode.USAGE, "--topics stands alone", "--topics", "say the others in another call");
        }
        KafkaClients cluster = cluster();
        TopicLayout layout = new TopicLayout(cluster, plan());
        List<String> missing = layout.missing();
        if (!missing.isEmpty()
                && !session().agrees("Make " + String.join(", ", missing) + " on " + cluster.bootstrap() + "?")) {
            throw new AirlockException(ErrorCode.USAGE, "stopped: nothing was made", cluster.bootstrap(), null);
        }
        Report report = layout.settle();
        answers().give(report, text -> write(report, text));
        return report.ok() ? YES : NO;
    }

    private TopicPlan plan() {
        try {
            return minInsync == null
                    ? TopicPlan.of(partitions, replicas)
                    : new TopicPlan(partitions, replicas, minInsync);
        } catch (IllegalArgumentException e) {
            throw new AirlockException(
                            ErrorCode.USAGE,
                            String.valueOf(e.getMessage()),
                            "--replicas",
                            "take 3 replicas, 2 of them in step, on three brokers")
                    .causedBy(e);
        }
    }

    private KafkaClients cluster() {
        if (kafka != null) {
            return session().kafka(kafka);
        }
        String named = session().environment().variable("AIRLOCK_KAFKA");
        if (!named.isEmpty()) {
            return session().kafka(named);
        }
        return KafkaClients.of(served());
    }

    private Endpoints.Kafka served() {
        try {
            return session().endpoints().kafka();
        } catch (PlatformException e) {
            throw new AirlockException(
                            ErrorCode.USAGE,
                            "which Kafka cluster?",
                            "--kafka",
                            "say --kafka HOST:PORT, or set AIRLOCK_KAFKA")
                    .causedBy(e);
        }
    }

    private static void write(Report report, Text text) {
        for (Topic topic : report.topics()) {
            Colour colour = topic.state().equals("differs") ? Colour.BAD : Colour.GOOD;
            text.line(colour, String.format(Locale.ROOT, "%-7s  %s", topic.state(), topic.topic()));
            for (Difference each : topic.differences()) {
                text.line("         " + each.setting() + " is " + each.is() + ", not " + each.wanted());
                text.line("         fix: " + TopicLayout.mend(report.kafka(), topic.topic(), each));
            }
        }
    }
}
