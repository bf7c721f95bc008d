package dev.airlock.activities.sandbox;

import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the sandboxes that nobody comes back for: those of runs that are over, terminated ones included, and those that an
 * open run has left behind. What a run may still adopt stays; its deadline bounds it.
 */
public final class SandboxSweep {
    /** What is younger is left for the next look: whoever makes one now need not be known everywhere yet. */
    static final Duration YOUNGEST = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(SandboxSweep.class);

    private final SandboxEngine engine;
    private final String installation;
    private final Claims claims;

    /** Who knows which sandboxes the runs still want. */
    public interface Claims {
        /**
         * What the run may still want, asked after the sandboxes were listed.
         *
         * @throws IOException when that cannot be found out; then nothing is removed
         */
        SandboxClaim of(RunId run) throws IOException;
    }

    /** @param engine of this machine */
    public SandboxSweep(SandboxEngine engine, String installation, Claims claims) {
        this.engine = engine;
        this.installation = installation;
        this.claims = claims;
    }

    /**
     * Looks once at all of the installation's sandboxes on this machine. May be repeated, and may run beside anything. One that
     * cannot be removed now keeps none of the others, and is left for the next look.
     *
     * @return names of what was removed
     */
    public List<String> sweep(Instant now) throws IOException {
        Map<RunId, SandboxClaim> known = new HashMap<>();
        List<String> removed = new ArrayList<>();
        for (SandboxEngine.Listed sandbox : engine.list(installation)) {
            if (sandbox.created().plus(YOUNGEST).isAfter(now)) {
                continue;
            }
            SandboxClaim claim = claimOf(sandbox, known);
            if (!claim.covers(sandbox.name())) {
                LOG.info("removing {} of {}: {}", sandbox.name(), sandbox.run(), claim.reason());
                if (remove(sandbox.name())) {
                    removed.add(sandbox.name());
                }
            }
        }
        return List.copyOf(removed);
    }

    private boolean remove(String name) {
        try {
            engine.remove(name);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be removed now, and is left for the next look: {}", name, e.toString());
            return false;
        }
    }

    private SandboxClaim claimOf(SandboxEngine.Listed sandbox, Map<RunId, SandboxClaim> known) throws IOException {
        RunId run;
        try {
            run = new RunId(sandbox.run());
        } catch (IllegalArgumentException e) {
            return SandboxClaim.all("it names no run: " + sandbox.run());
        }
        SandboxClaim claim = known.get(run);
        if (claim == null) {
            claim = claims.of(run);
            known.put(run, claim);
        }
        return claim;
    }
}
