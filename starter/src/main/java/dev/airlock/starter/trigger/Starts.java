package dev.airlock.starter.trigger;

import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Incoming;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.push.Prepared;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.Pusher;
import dev.airlock.workflows.id.RunId;
import org.jspecify.annotations.Nullable;

/** Starts the run of a request, or finds the one that answers it. Doing it again changes nothing. */
final class Starts {
    private final Pusher pusher;
    private final DedupeClaims claims;
    private final Ages ages;

    Starts(Pusher pusher, DedupeClaims claims, Ages ages) {
        this.pusher = pusher;
        this.claims = claims;
        this.ages = ages;
    }

    /**
     * What became of a request.
     *
     * @param run the run that answers it
     * @param created whether this request started it, just now
     */
    record Started(RunId run, boolean created) {}

    /** Whether the request's own run was started before: then it may be answered although there is no room for another. */
    boolean isKnown(PushRequest push) {
        return pusher.started(pusher.id(push.origin()));
    }

    /**
     * @throws AirlockException if it could not be found out; trying again may help
     * @throws Unacceptable if the answer is no
     */
    Started start(CloudEvent event, PushRequest push, Incoming record) throws Unacceptable {
        RunId run = pusher.id(push.origin());
        if (ages.isTooOld(record.appended())) {
            if (pusher.started(run)) {
                return known(run, push);
            }
            if (!ages.provablyNeverStarted(run, record.appended())) {
                throw new Unacceptable(
                        Cause.TOO_OLD,
                        "the request is of " + record.appended() + ": Temporal may have forgotten its run " + run
                                + ", and the audit trail does not prove that it never began; replay starts it");
            }
        }
        Prepared prepared = prepared(run, push);
        if (prepared == null) {
            return known(run, push);
        }
        return event.dedupeKey() == null ? started(prepared, push) : claimed(event.dedupeKey(), prepared, push, record);
    }

    /** A request that was answered once is answered still, whatever has become of workspace and pipeline since. */
    private @Nullable Prepared prepared(RunId run, PushRequest push) throws Unacceptable {
        try {
            return pusher.prepare(push);
        } catch (AirlockException e) {
            if (Failure.isTransient(e)) {
                throw e;
            }
            if (pusher.started(run)) {
                return null;
            }
            throw Failure.definite(e);
        }
    }

    private Started claimed(String key, Prepared prepared, PushRequest push, Incoming record) throws Unacceptable {
        String name = claims.name(push.origin().source(), push.workspace(), key);
        RunId holder = claims.claim(name, prepared.run(), record.appended());
        return holder.equals(prepared.run()) ? started(prepared, push) : new Started(holder, false);
    }

    private Started started(Prepared prepared, PushRequest push) throws Unacceptable {
        return pusher.start(prepared) ? new Started(prepared.run(), true) : known(prepared.run(), push);
    }

    private Started known(RunId run, PushRequest push) throws Unacceptable {
        String workspace = pusher.target(run).workspace();
        if (!workspace.equals(push.workspace())) {
            throw new Unacceptable(
                    Cause.CONFLICT,
                    "source and id were used by a request for workspace " + workspace + " (" + run
                            + "); a new request needs an id of its own");
        }
        return new Started(run, false);
    }

    /** Nothing will answer for a request that is given up. */
    void giveUp(CloudEvent event, PushRequest push) {
        if (event.dedupeKey() != null) {
            claims.release(
                    claims.name(push.origin().source(), push.workspace(), event.dedupeKey()), pusher.id(push.origin()));
        }
    }
}
