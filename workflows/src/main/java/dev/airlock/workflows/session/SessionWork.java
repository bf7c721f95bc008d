package dev.airlock.workflows.session;

import dev.airlock.workflows.change.Lines;
import dev.airlock.workflows.session.SessionActivities.ExecOutcome;
import dev.airlock.workflows.session.SessionActivities.ExecRequest;
import dev.airlock.workflows.session.SessionActivities.GetRequest;
import dev.airlock.workflows.session.SessionActivities.PutRequest;
import dev.airlock.workflows.session.SessionActivities.TransferOutcome;
import io.temporal.workflow.Functions.Func2;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is done in a sandbox, one thing after the other. Nothing here fails the workflow: who called learns what went wrong. */
final class SessionWork {
    /** A container that is lost before it took a command, time and again, is not bad luck. */
    private static final int MOST_CONTAINERS = 3;

    private final SessionRecord record;

    SessionWork(SessionRecord record) {
        this.record = record;
    }

    /** Makes the first container. @throws Unanswered when there is none to be had */
    void begin() {
        Held first = SessionHost.open(record, null);
        record.opened(first);
        record.started(first);
    }

    void perform(Message.Job job) {
        switch (job) {
            case Message.Exec exec -> exec.reply().complete(exec(exec.call()));
            case Message.Put put ->
                put.reply()
                        .complete(transfer(
                                "in",
                                put.call(),
                                (host, held) -> host.put(new PutRequest(
                                        record.lodging(held.incarnation()),
                                        held.image(),
                                        put.call().manifest(),
                                        put.call().to()))));
            case Message.Get get ->
                get.reply()
                        .complete(transfer(
                                "out",
                                get.call(),
                                (host, held) -> host.get(new GetRequest(
                                        record.lodging(held.incarnation()),
                                        held.image(),
                                        get.call().from(),
                                        false))));
        }
    }

    private ExecResult exec(Call.Exec call) {
        Answered before = record.answered(call.id());
        if (before != null && before.exec() != null) {
            return before.exec();
        }
        Restored restored = null;
        for (int left = MOST_CONTAINERS; ; left--) {
            ExecRequest command = null;
            try {
                Restored now = hold();
                restored = now == null ? restored : now;
                Held held = heldNow();
                command = record.command(held, call);
                ExecResult result = ended(command, sent(held, command), restored);
                if (result != null) {
                    return result;
                }
            } catch (Unanswered no) {
                return new ExecResult(command == null ? 0 : command.number(), null, no.refused(), restored);
            }
            if (left == 1) {
                return new ExecResult(
                        0,
                        null,
                        new Refused(SessionRefusal.UNAVAILABLE, "every container was lost before it took the command"),
                        restored);
            }
        }
    }

    private ExecOutcome sent(Held held, ExecRequest command) {
        try {
            return SessionHost.ask(
                    held.place(), command.call().timeout(), "exec " + command.number(), host -> host.exec(command));
        } catch (SessionHost.Away away) {
            return new ExecOutcome.Gone(away.begun(), away.text());
        }
    }

    /** @return null when the command has not run and may be sent to another container */
    private @Nullable ExecResult ended(ExecRequest command, ExecOutcome outcome, @Nullable Restored restored) {
        switch (outcome) {
            case ExecOutcome.Ended end -> {
                record.executed(command, end);
                if (end.lost()) {
                    record.lost();
                }
                ExecResult result = new ExecResult(command.number(), end.end(), null, restored);
                record.answer(new Answered(command.call().id(), result, null));
                return result;
            }
            case ExecOutcome.Gone gone -> {
                record.lost();
                if (!gone.mayHaveRun()) {
                    return null;
                }
                record.executed(command);
                Refused why = new Refused(
                        SessionRefusal.UNAVAILABLE,
                        "the sandbox was lost while command " + command.number() + " ran, which may have had effects: "
                                + Lines.shorten(gone.detail()));
                ExecResult result = new ExecResult(command.number(), null, why, restored);
                record.answer(new Answered(command.call().id(), result, null));
                return result;
            }
        }
    }

    private TransferResult transfer(
            String direction, Call call, Func2<SessionActivities, Held, TransferOutcome> activity) {
        Answered before = record.answered(call.id());
        if (before != null && before.transfer() != null) {
            return before.transfer();
        }
        Restored restored = null;
        for (int left = MOST_CONTAINERS; left > 0; left--) {
            try {
                Restored now = hold();
                restored = now == null ? restored : now;
                switch (asked(heldNow(), direction, activity)) {
                    case TransferOutcome.Done done -> {
                        record.transferred(direction, call, done.files());
                        TransferResult result = new TransferResult(done.files(), null, restored);
                        record.answer(new Answered(call.id(), null, result));
                        return result;
                    }
                    case TransferOutcome.Absent absent -> {
                        return new TransferResult(
                                null, new Refused(SessionRefusal.NOT_FOUND, absent.detail()), restored);
                    }
                    case TransferOutcome.Gone gone -> record.lost();
                }
            } catch (Unanswered no) {
                return new TransferResult(null, no.refused(), restored);
            }
        }
        return new TransferResult(
                null, new Refused(SessionRefusal.UNAVAILABLE, "every container was lost on the way"), restored);
    }

    private TransferOutcome asked(Held held, String summary, Func2<SessionActivities, Held, TransferOutcome> activity) {
        try {
            return SessionHost.ask(
                    held.place(), Duration.ofMinutes(15), "files " + summary, host -> activity.apply(host, held));
        } catch (SessionHost.Away away) {
            return new TransferOutcome.Gone(away.text());
        }
    }

    /** Keeps the files and frees the host. What cannot be kept is not given up: the container stays. */
    void keep() {
        Held held = record.held();
        if (held == null) {
            return;
        }
        try {
            TransferOutcome outcome = asked(
                    held,
                    "kept",
                    (host, at) -> host.get(new GetRequest(record.lodging(at.incarnation()), at.image(), "", true)));
            switch (outcome) {
                case TransferOutcome.Done done -> {
                    TransferResult.Transferred files = done.files();
                    record.snapshotted(new Snapshot(
                            files.manifest(), files.files(), files.bytes(), files.refused(), SessionClock.now()));
                    SessionHost.release(held.place(), record.lodging(held.incarnation()));
                    record.released();
                }
                case TransferOutcome.Absent absent -> throw new IllegalStateException(absent.detail());
                case TransferOutcome.Gone gone -> record.lost();
            }
        } catch (Unanswered no) {
            Workflow.getLogger(SessionWork.class).warn("an idle sandbox is not released: {}", no.getMessage());
        }
    }

    void release() {
        Held held = record.held();
        if (held != null) {
            SessionHost.release(held.place(), record.lodging(held.incarnation()));
        }
    }

    /** @return how it came to a new container, if it did */
    private @Nullable Restored hold() {
        if (record.held() != null) {
            return null;
        }
        Snapshot snapshot = record.snapshot();
        Held opened = SessionHost.open(record, snapshot == null ? null : snapshot.manifest());
        record.opened(opened);
        return record.restored(opened);
    }

    private Held heldNow() {
        Held held = record.held();
        if (held == null) {
            throw new IllegalStateException("there is no container");
        }
        return held;
    }
}
