package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.airlock.activities.egress.EgressGuard;
import dev.airlock.activities.egress.EgressSession;
import dev.airlock.activities.egress.NetworkRefused;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.evidence.egress.EgressDocument;
import dev.airlock.evidence.egress.EgressDocument.Verdict;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.pipeline.Network;
import dev.airlock.workflows.sandbox.EgressSummary;
import dev.airlock.workflows.sandbox.SandboxJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** A job's way out, if its step asks for one, and what is kept of it. */
final class JobNetwork {
    private final SandboxJob job;
    private final EgressGuard guard;
    private final ArtifactStore artifacts;
    private final JobFiles files;

    JobNetwork(SandboxJob job, SandboxStores stores, JobFiles files) {
        this.job = job;
        this.guard = stores.egress();
        this.artifacts = stores.artifacts();
        this.files = files;
    }

    /** @throws SandboxException {@code NETWORK_REFUSED} when the step asks for more than the installation lets out */
    void require() throws SandboxException {
        try {
            guard.require(job.command().network());
        } catch (NetworkRefused e) {
            throw new SandboxException(FailureType.NETWORK_REFUSED, String.valueOf(e.getMessage()), e);
        }
    }

    /** To be closed with the sandbox; null when the job has no network. */
    @Nullable
    EgressSession begin(Sandbox sandbox) throws IOException {
        Network network = job.command().network();
        return network == null
                ? null
                : guard.begin(sandbox.listen(SandboxLayout.PROXY_PORT), network, files.egress(), job.at());
    }

    /** Nothing goes out any more; what was asked for is durable. */
    @Nullable
    EgressSummary finish(@Nullable EgressSession session) throws IOException {
        return session == null ? null : summary(session.finish());
    }

    /** What is known of a sandbox that is gone. */
    @Nullable
    EgressSummary recall() throws IOException {
        return job.command().network() == null ? null : summary(EgressGuard.recall(files.egress(), job.at()));
    }

    private EgressSummary summary(EgressDocument document) throws IOException {
        Digest log = artifacts.put(CanonicalJson.bytes(document.after(before())));
        return new EgressSummary(log, document.count(Verdict.ALLOWED), document.count(Verdict.BLOCKED));
    }

    private @Nullable EgressDocument before() throws IOException {
        Digest digest = job.egress();
        if (digest == null) {
            return null;
        }
        try (InputStream in = artifacts.open(digest)) {
            return Payloads.mapper().readValue(in.readAllBytes(), EgressDocument.class);
        } catch (NoSuchFileException | JsonProcessingException e) {
            throw new SandboxException(
                    FailureType.CORRUPT,
                    "what the run asked for on the network before (" + digest
                            + ") is not in the artifact store any more",
                    e);
        }
    }
}
