package dev.airlock.starter.trigger;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.starter.temporal.Claims;
import dev.airlock.workflows.id.RunId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which run answers a {@code dedupekey}. The claim is a workflow without a worker whose id follows from the key, so that Temporal's
 * own uniqueness decides, whatever server asks and whenever; docs/adr/0010 tells why.
 */
final class DedupeClaims {
    private static final Logger LOG = LoggerFactory.getLogger(DedupeClaims.class);
    private static final int TRIES = 20;

    private final String installation;
    private final Claims claims;
    private final Duration window;

    DedupeClaims(String installation, Claims claims, Duration window) {
        this.installation = installation;
        this.claims = claims;
        this.window = window;
    }

    /** Name of the claim: the key means something to one source and one workspace only. */
    String name(String source, String workspace, String key) {
        MessageDigest hash = CanonicalJson.sha256();
        for (String part : new String[] {installation, source, workspace, key}) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            hash.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            hash.update(bytes);
        }
        return "claim-" + HexFormat.of().formatHex(hash.digest(), 0, 20);
    }

    /**
     * Claims the key for a run, unless one holds it whose request came less than a window before or after.
     *
     * @param at when the broker took the request
     * @return the run that answers: this one, or the one that holds the key
     */
    RunId claim(String name, RunId run, Instant at) {
        for (int i = 0; i < TRIES; i++) {
            Optional<Claims.Claim> held = claims.find(name);
            if (held.isPresent() && !held.get().released()) {
                Claims.Claim claim = held.get();
                Duration since = Duration.between(claim.at(), at);
                if (claim.run().equals(run)) {
                    return run;
                }
                if (since.abs().compareTo(window) < 0) {
                    return claim.run();
                }
                if (since.isNegative()) {
                    // It came out of order, from long before: the newer holder stays.
                    return run;
                }
                claims.release(claim);
            }
            if (claims.take(name, new Claims.Claim(name, "", run, at, false), window)) {
                return run;
            }
        }
        throw new IllegalStateException("the claim " + name + " changes hands without end");
    }

    /** Gives the key back, if the run holds it: nothing will answer for it. */
    void release(String name, RunId run) {
        claims.find(name)
                .filter(claim -> claim.run().equals(run) && !claim.released())
                .ifPresent(claim -> {
                    claims.release(claim);
                    LOG.info("{} gives its dedupe key back: it does not start", run);
                });
    }
}
