package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.FileVisitor;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workflows.id.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Keeps the files that a step asked for as artifacts. They never become content, so a refusal is only worth a look. */
final class ArtifactCollector implements FileVisitor {
    private final ArtifactStore artifacts;
    private final CollectFindings findings;
    private final StopSignal stop;
    private final List<Kept> kept = new ArrayList<>();

    /** A line of the list of what was kept. */
    record Kept(String path, long size, Digest digest) {}

    ArtifactCollector(ArtifactStore artifacts, CollectFindings findings, StopSignal stop) {
        this.artifacts = artifacts;
        this.findings = findings;
        this.stop = stop;
    }

    @Override
    public void directory(byte[] path) {}

    @Override
    public void file(byte[] path, Attributes attributes, long size, InputStream content) throws IOException {
        stop.check();
        Optional<String> name = HostileNames.text(path).filter(text -> !HostileNames.malformed(text));
        if (name.isEmpty()) {
            findings.warn("artifact-name", path, "an artifact with such a name is not kept");
            return;
        }
        Digest digest = artifacts.put(new FilterInputStream(content) {
            @Override
            public void close() {}
        });
        kept.add(new Kept(name.get(), size, digest));
    }

    @Override
    public void link(byte[] path, byte[] target) {
        findings.warn("artifact-link", path, "a link is not kept as an artifact");
    }

    @Override
    public void refused(byte[] path, Refusal reason, int errno) {
        findings.warn("artifact-refused", path, "not kept as an artifact: " + reason);
    }

    @Override
    public void end(Cap cap) {
        if (cap != Cap.NONE) {
            findings.warn("artifact-entries", new byte[0], "more artifacts than are kept; the rest is missing");
        }
    }

    /** In the order of their paths. */
    List<Kept> kept() {
        return kept.stream().sorted(Comparator.comparing(Kept::path)).toList();
    }
}
