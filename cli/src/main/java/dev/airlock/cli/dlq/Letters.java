package dev.airlock.cli.dlq;

import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Visible;
import dev.airlock.evidence.audit.KafkaServerTrail;
import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.deadletter.DeadLetterBox;
import dev.airlock.starter.deadletter.DeadLetterBox.Entry;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The dead letters of the session's installation, and how a person names some of them. */
final class Letters implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Session session;
    private final Endpoints endpoints;
    private final KafkaClients kafka;
    private final DeadLetterBox box;

    Letters(Session session) {
        this.session = session;
        this.endpoints = session.endpoints();
        this.kafka = KafkaClients.of(endpoints.kafka());
        this.box = new DeadLetterBox(kafka, session.artifacts(), endpoints.installation());
    }

    /** Which letters are meant: by id, by cause, or all that are open. */
    static final class Choice {
        @Parameters(arity = "0..*", paramLabel = "ID", description = "A letter's id, or the start of it.")
        private List<String> ids = new ArrayList<>();

        @Option(names = "--cause", paramLabel = "CAUSE", description = "All open ones of this cause.")
        private @Nullable Cause cause;

        @Option(names = "--all", description = "All open ones.")
        private boolean all;
    }

    DeadLetterBox box() {
        return box;
    }

    /** The open letters that are meant. */
    List<Entry> chosen(Choice choice) {
        int ways = (choice.ids.isEmpty() ? 0 : 1) + (choice.cause == null ? 0 : 1) + (choice.all ? 1 : 0);
        if (ways != 1) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    ways == 0 ? "which letters?" : "ids, --cause and --all exclude each other",
                    null,
                    "name them by id, by --cause, or take --all");
        }
        List<Entry> letters = box.list();
        if (choice.ids.isEmpty()) {
            return letters.stream()
                    .filter(letter -> letter.settled() == null)
                    .filter(letter -> choice.cause == null || letter.cause() == choice.cause)
                    .toList();
        }
        return choice.ids.stream()
                .map(id -> open(named(letters, id)))
                .distinct()
                .toList();
    }

    private static Entry open(Entry letter) {
        if (letter.settled() != null) {
            throw new AirlockException(
                    ErrorCode.ALREADY_DECIDED,
                    letter.id() + " is settled: " + letter.settled().how() + " by "
                            + letter.settled().by(),
                    letter.id(),
                    "`airlock dlq list` shows what is open");
        }
        return letter;
    }

    /** The one whose id begins so. */
    static Entry named(List<Entry> letters, String start) {
        List<Entry> found = letters.stream()
                .filter(letter -> letter.id().startsWith(start) || letter.id().startsWith("letter-" + start))
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new AirlockException(
                found.isEmpty() ? ErrorCode.NOT_FOUND : ErrorCode.USAGE,
                found.isEmpty() ? "no dead letter " + start : found.size() + " dead letters begin with " + start,
                start,
                "`airlock dlq list --all` shows all of them");
    }

    /** Writes on the server's trail, before the effect, who does what to which letter. */
    void audit(String type, List<Entry> letters, Principal by, @Nullable String reason) {
        try (ServerTrail trail = new KafkaServerTrail(kafka, Topics.AUDIT, endpoints.installation(), PATIENCE)) {
            for (Entry letter : letters) {
                Map<String, Object> data = new LinkedHashMap<>();
                data.put("letter", letter.id());
                data.put("code", letter.cause().name());
                data.put("by", by.value());
                data.put("reason", reason == null ? "" : reason);
                data.put(
                        "requestSource",
                        letter.event() == null ? "" : text(letter.event().source()));
                data.put(
                        "requestId",
                        letter.event() == null ? "" : text(letter.event().id()));
                trail.record(type, data);
            }
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** What a letter is about, for one line. */
    static String about(Entry letter) {
        return letter.event() == null
                ? letter.origin().topic() + "-" + letter.origin().partition() + "@"
                        + letter.origin().offset()
                : Visible.line(text(letter.event().source()) + " "
                        + text(letter.event().id()));
    }

    Session session() {
        return session;
    }

    @Override
    public void close() {
        box.close();
    }
}
