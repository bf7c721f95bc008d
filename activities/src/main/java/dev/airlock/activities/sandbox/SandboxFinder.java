package dev.airlock.activities.sandbox;

import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a sandbox is made once and found ever after, whatever the engine: the name is only a name, the lease is the lock.
 *
 * @param <F> what an engine finds under a name
 */
final class SandboxFinder<F> {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxFinder.class);
    private static final int CREATE_TRIES = 3;

    private final Holder<F> holder;

    SandboxFinder(Holder<F> holder) {
        this.holder = holder;
    }

    /** The engine's part. */
    interface Holder<F> {
        Optional<F> find(String name) throws IOException;

        /** Whether it was made now; false when the name was taken meanwhile. */
        boolean create(SandboxSpec spec) throws IOException;

        /** @throws InitSandbox.NeverLeased when whoever started it died before he took its lease */
        Sandbox adopt(SandboxSpec spec, F found) throws IOException;

        void remove(String name) throws IOException;
    }

    Sandbox openOrAdopt(SandboxSpec spec) throws IOException {
        for (int left = CREATE_TRIES; left > 0; left--) {
            Optional<F> found = holder.find(spec.name());
            if (found.isPresent()) {
                try {
                    return holder.adopt(spec, found.get());
                } catch (InitSandbox.NeverLeased e) {
                    LOG.info("making {} anew: {}", spec.name(), e.getMessage());
                    holder.remove(spec.name());
                }
            } else if (holder.create(spec)) {
                Failpoints.hit("sandbox.created");
            }
        }
        throw new SandboxException(
                FailureType.CONFLICT, "somebody else keeps making and removing sandboxes named " + spec.name());
    }

    Sandbox adopt(SandboxSpec spec) throws IOException {
        F found = holder.find(spec.name())
                .orElseThrow(() -> new SandboxGone(
                        SandboxGone.Death.LOST, spec.name() + " is gone, and its command may have run"));
        try {
            return holder.adopt(spec, found);
        } catch (InitSandbox.NeverLeased e) {
            holder.remove(spec.name());
            throw new SandboxGone(
                    SandboxGone.Death.LOST, spec.name() + " has no lease, and its command may have run elsewhere");
        }
    }
}
