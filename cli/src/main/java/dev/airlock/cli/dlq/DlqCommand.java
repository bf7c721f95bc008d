package dev.airlock.cli.dlq;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Group;
import dev.airlock.cli.session.Items;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.deadletter.DeadLetter;
import dev.airlock.starter.deadletter.DeadLetterBox.Entry;
import dev.airlock.starter.deadletter.Settlement;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.run.Durations;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Requests that could not be taken. */
@Command(
        name = "dlq",
        description = "Look at requests that could not be taken, send them again, or give them up.",
        footer = {
            "",
            "A letter holds the record as it came, and why it could not be taken. It is open until it is replayed or discarded.",
            "",
            "Examples:",
            "  airlock dlq list",
            "  airlock dlq show letter-4f1c",
            "  airlock dlq replay --cause IMAGE_ABSENT"
        })
public final class DlqCommand extends Group {
    public DlqCommand(Session session) {
        super(session);
    }

    /** Lists them. */
    @Command(
            name = "list",
            description = "List the letters that are open, oldest first.",
            footer = {
                "",
                "Examples:",
                "  airlock dlq list",
                "  airlock dlq list --cause NOT_ALLOWED -o json | jq -r .items[].event.source",
                "  airlock dlq list --all"
            })
    public static final class Listing extends Action {
        @Option(names = "--cause", paramLabel = "CAUSE", description = "Only those of this cause.")
        private @Nullable Cause cause;

        @Option(names = "--all", description = "Those that were replayed or discarded, too.")
        private boolean all;

        public Listing(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            try (Letters letters = new Letters(session())) {
                List<Entry> found = letters.box().list().stream()
                        .filter(letter -> all || letter.settled() == null)
                        .filter(letter -> cause == null || letter.cause() == cause)
                        .toList();
                answers().give(new Items<>(found, null), text -> write(found, Instant.now(), text));
                return YES;
            }
        }

        private void write(List<Entry> found, Instant now, Text text) {
            if (found.isEmpty()) {
                answers().note(all ? "no dead letters" : "no open dead letters");
                return;
            }
            text.table(
                    List.of("LETTER", "CAUSE", "REQUEST", "SINCE", "STATE"),
                    found.stream().map(letter -> row(letter, now)).toList());
        }

        private static List<String> row(Entry letter, Instant now) {
            return List.of(
                    letter.id(),
                    letter.cause().name(),
                    Letters.about(letter),
                    Durations.relative(letter.time(), now),
                    letter.settled() == null ? "OPEN" : letter.settled().how().name());
        }
    }

    /** Shows one. */
    @Command(
            name = "show",
            description = "Show a letter: why it was not taken, and the record as it came.",
            footer = {
                "",
                "Examples:",
                "  airlock dlq show letter-4f1c",
                "  airlock dlq show letter-4f1c -o json | jq -r .record.value | base64 -d"
            })
    public static final class Show extends Action {
        private static final int SHOWN = 4096;

        @Parameters(index = "0", paramLabel = "ID", description = "The letter's id, or the start of it.")
        private String id = "";

        public Show(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            try (Letters letters = new Letters(session())) {
                Entry entry = Letters.named(letters.box().list(), id);
                DeadLetter letter = letters.box().get(entry.id());
                DeadLetter.Envelope envelope = letters.box().envelope(letter.original());
                Shown shown = new Shown(
                        entry,
                        letter.traceparent(),
                        envelope.key(),
                        envelope.headers(),
                        letters.box().value(letter.original()));
                answers().give(shown.json(), shown::write);
                return YES;
            } catch (IOException e) {
                throw Translations.of(e, "the original of " + id, id);
            }
        }

        /** Bytes of strangers: data in JSON, made visible on a terminal. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Shown(
                Entry entry,
                @Nullable String traceparent,
                byte @Nullable [] key,
                List<DeadLetter.Header> headers,
                byte @Nullable [] value) {

            Letter json() {
                return new Letter(
                        entry.id(),
                        entry.cause(),
                        entry.text(),
                        entry.attempt(),
                        entry.time(),
                        entry.origin(),
                        entry.event(),
                        entry.settled(),
                        new Raw(traceparent, entry.size(), key, headers, value));
            }

            void write(Text text) {
                text.line(Text.Colour.BAD, entry.cause() + ": " + entry.text());
                text.line("  letter    " + entry.id()
                        + (entry.settled() == null
                                ? ""
                                : " (" + entry.settled().how() + " by "
                                        + entry.settled().by() + ")"));
                text.line("  request   " + Letters.about(entry));
                text.line("  record    " + entry.origin().topic() + "-"
                        + entry.origin().partition() + "@" + entry.origin().offset() + ", "
                        + entry.origin().appended() + ", " + entry.size() + " bytes");
                text.line("  tried     " + entry.attempt() + (entry.attempt() == 1 ? " time" : " times"));
                text.line("  key       " + (key == null ? "(none)" : utf8(key)));
                for (DeadLetter.Header header : headers) {
                    byte[] bytes = header.value();
                    text.line("  header    " + header.name() + ": " + (bytes == null ? "(null)" : utf8(bytes)));
                }
                text.line("  value     " + (value == null ? "(none: a tombstone)" : utf8(value)));
            }

            private static String utf8(byte[] bytes) {
                String text = new String(bytes, 0, Math.min(bytes.length, SHOWN), StandardCharsets.UTF_8);
                return bytes.length > SHOWN ? text + "…" : text;
            }
        }
    }

    /** A letter with its record, for programs. */
    record Letter(
            String id,
            Cause cause,
            String text,
            int attempt,
            Instant time,
            DeadLetter.Origin origin,
            DeadLetter.@Nullable Claimed event,
            @Nullable Settlement settled,
            Raw record) {}

    /** The record as it came; bytes are base64. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Raw(
            @Nullable String traceparent,
            long size,
            byte @Nullable [] key,
            List<DeadLetter.Header> headers,
            byte @Nullable [] value) {}

    /** Sends originals again. */
    @Command(
            name = "replay",
            description = "Send records again, as they came; one that was taken meanwhile is absorbed.",
            footer = {
                "",
                "The record keeps its key, its headers and its id. If it cannot be taken again, that makes a new letter.",
                "",
                "Examples:",
                "  airlock dlq replay letter-4f1c",
                "  airlock dlq replay --cause UNKNOWN_WORKSPACE",
                "  airlock dlq replay --all"
            })
    public static final class Replay extends Action {
        @Mixin
        private Letters.Choice choice = new Letters.Choice();

        public Replay(Session session) {
            super(session);
        }

        /** What was sent. */
        record Replayed(List<String> replayed) {}

        @Override
        protected int perform() {
            Principal by = session().principal();
            try (Letters letters = new Letters(session())) {
                List<Entry> chosen = letters.chosen(choice);
                letters.audit("request.replayed", chosen, by, null);
                Replayed done = new Replayed(letters.box().replay(ids(chosen), by));
                answers()
                        .give(
                                done,
                                text -> text.line(
                                        "sent again: " + done.replayed().size()));
                return YES;
            }
        }
    }

    /** Gives letters up. */
    @Command(
            name = "discard",
            description = "Give letters up: they are no longer listed as open. Asks, and is audited.",
            footer = {
                "",
                "The letter stays in Kafka; `airlock dlq list --all` shows it.",
                "",
                "Examples:",
                "  airlock dlq discard letter-4f1c --reason 'a test of ours'",
                "  airlock dlq discard --cause NOT_JSON --yes"
            })
    public static final class Discard extends Action {
        @Mixin
        private Letters.Choice choice = new Letters.Choice();

        @Option(names = "--reason", paramLabel = "R", description = "Why, for the audit trail.")
        private @Nullable String reason;

        public Discard(Session session) {
            super(session);
        }

        /** What was given up. */
        record Discarded(List<String> discarded) {}

        @Override
        protected int perform() {
            Principal by = session().principal();
            try (Letters letters = new Letters(session())) {
                List<Entry> chosen = letters.chosen(choice);
                String what = chosen.size() == 1 ? chosen.getFirst().id() : chosen.size() + " dead letters";
                if (!chosen.isEmpty() && !session().agrees("Discard " + what + "?")) {
                    answers().note("nothing was discarded");
                    return NO;
                }
                letters.audit("request.discarded", chosen, by, reason);
                Discarded done = new Discarded(letters.box().discard(ids(chosen), by, reason));
                answers()
                        .give(
                                done,
                                text -> text.line(
                                        "discarded: " + done.discarded().size()));
                return YES;
            }
        }
    }

    private static Set<String> ids(List<Entry> letters) {
        return letters.stream().map(Entry::id).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
