package dev.airlock.activities.session;

import dev.airlock.activities.sandbox.Sandbox;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.activities.sandbox.SandboxGone;
import dev.airlock.activities.sandbox.StopSignal;
import dev.airlock.activities.sandbox.init.CollectCaps;
import dev.airlock.evidence.files.FileCollection;
import dev.airlock.evidence.files.FileCollection.Kept;
import dev.airlock.evidence.files.FileManifest;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.session.Held;
import dev.airlock.workflows.session.SessionActivities.GetRequest;
import dev.airlock.workflows.session.SessionActivities.Lodging;
import dev.airlock.workflows.session.SessionActivities.OpenRequest;
import dev.airlock.workflows.session.SessionActivities.PutRequest;
import dev.airlock.workflows.session.SessionActivities.TransferOutcome;
import dev.airlock.workflows.session.SessionRequest.Room;
import dev.airlock.workflows.session.TransferResult.Transferred;
import java.io.IOException;

/** All but commands: containers made and removed, files in and out. Everything may be done again. */
final class SessionRun {
    private static final long MOST_ENTRIES = 200_000;

    private final SandboxEngine engine;
    private final SessionStores stores;
    private final StopSignal stop;

    SessionRun(SandboxEngine engine, SessionStores stores, StopSignal stop) {
        this.engine = engine;
        this.stores = stores;
        this.stop = stop;
    }

    Held open(OpenRequest request, String host) throws IOException {
        Lodging lodging = request.lodging();
        EngineIdentity identity = engine.identity();
        requireEngine(lodging.room(), identity);
        Container container =
                new Container(engine, lodging, engine.image(lodging.room().image()), stop);
        return container.made(sandbox -> {
            if (request.snapshot() != null) {
                new FilesIn(stores.artifacts(), request.snapshot(), "", stop).put(sandbox);
            }
            SandboxPlace place = new SandboxPlace(host, sandbox.name());
            return new Held(lodging.at().attempt(), place, identity, sandbox.image());
        });
    }

    private static void requireEngine(Room room, EngineIdentity identity) throws SandboxException {
        boolean other = room.engine() != null && !room.engine().equals(identity.name());
        if (other || (room.runtime() != null && !room.runtime().equals(identity.runtime()))) {
            throw new SandboxException(
                    FailureType.ISOLATION_REFUSED,
                    "the worker has " + identity.name() + " with " + identity.runtime() + ", not "
                            + (other ? "the engine " + room.engine() : "the runtime " + room.runtime()));
        }
    }

    TransferOutcome put(PutRequest request) throws IOException {
        Container container = new Container(engine, request.lodging(), request.image(), stop);
        try {
            FileManifest taken = container.there(
                    sandbox -> new FilesIn(stores.artifacts(), request.manifest(), request.to(), stop).put(sandbox));
            return done(FileCollection.keep(
                    stores.artifacts(), taken, taken.refused().size()));
        } catch (SandboxGone gone) {
            return new TransferOutcome.Gone(String.valueOf(gone.getMessage()));
        }
    }

    TransferOutcome get(GetRequest request) throws IOException {
        Container container = new Container(engine, request.lodging(), request.image(), stop);
        try {
            return container.there(sandbox -> taken(request, sandbox));
        } catch (SandboxGone gone) {
            return new TransferOutcome.Gone(String.valueOf(gone.getMessage()));
        }
    }

    private TransferOutcome taken(GetRequest request, Sandbox sandbox) throws IOException {
        String owner = request.lodging().at().run().value();
        try (FileCollection collection =
                new FileCollection(stores.artifacts(), ExecFiles.scratch(stores.output(), owner))) {
            FilesOut out = new FilesOut(collection, request.from(), request.whole(), stop);
            long most = request.lodging().room().limits().disk();
            sandbox.collect(CollectCaps.tree(most, MOST_ENTRIES), out.patterns(), out);
            if (collection.isEmpty() && !out.found() && !request.from().isEmpty()) {
                return new TransferOutcome.Absent("there is no " + request.from() + " in the workspace");
            }
            return done(collection.keep());
        }
    }

    private static TransferOutcome done(Kept kept) {
        FileManifest manifest = kept.manifest();
        return new TransferOutcome.Done(
                new Transferred(kept.digest(), manifest.files(), manifest.bytes(), kept.refused()));
    }

    void release(Lodging lodging) throws IOException {
        engine.remove(Container.name(lodging));
        ExecFiles.remove(stores.output(), lodging.at().run().value());
    }
}
