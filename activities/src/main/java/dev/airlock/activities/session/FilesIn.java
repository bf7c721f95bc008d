package dev.airlock.activities.session;

import dev.airlock.activities.sandbox.Sandbox;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.activities.sandbox.StopSignal;
import dev.airlock.activities.sandbox.init.FileSender;
import dev.airlock.activities.sandbox.init.Root;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.files.FileCollection;
import dev.airlock.evidence.files.FileManifest;
import dev.airlock.evidence.files.FileManifest.Entry;
import dev.airlock.evidence.files.FileManifest.Refused;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Puts the files of a manifest into a workspace. All at once; when the sandbox refuses one, one by one, and those that it takes stay. */
final class FilesIn {
    private final ArtifactStore artifacts;
    private final StopSignal stop;
    private final FileManifest manifest;
    private final String below;
    private final List<Refused> refused = new ArrayList<>();

    /** @param to directory in the workspace, empty for itself */
    FilesIn(ArtifactStore artifacts, Digest manifest, String to, StopSignal stop) throws IOException {
        this.artifacts = artifacts;
        this.stop = stop;
        this.manifest = FileCollection.read(artifacts, manifest);
        this.below = to.isEmpty() ? "" : to + "/";
    }

    /** What the sandbox took. */
    FileManifest put(Sandbox sandbox) throws IOException {
        refused.clear();
        try {
            sandbox.put(Root.WORKSPACE, this::sendAll);
            return manifest;
        } catch (SandboxException e) {
            if (e.type() != FailureType.INTERNAL) {
                throw e;
            }
        }
        List<Entry> taken = oneByOne(sandbox);
        List<Refused> all = new ArrayList<>(manifest.refused());
        refused.stream().limit(FileManifest.MOST_REFUSED).forEach(all::add);
        return new FileManifest(FileManifest.SCHEMA, taken, all, manifest.content());
    }

    private void sendAll(FileSender to) throws IOException {
        try (InputStream content = FileCollection.content(artifacts, manifest)) {
            for (Entry entry : manifest.entries()) {
                stop.check();
                send(entry, content, to);
            }
        }
    }

    private List<Entry> oneByOne(Sandbox sandbox) throws IOException {
        List<Entry> taken = new ArrayList<>();
        try (InputStream content = FileCollection.content(artifacts, manifest)) {
            for (Entry entry : manifest.entries()) {
                stop.check();
                Part part = new Part(content, entry.size());
                try {
                    sandbox.put(Root.WORKSPACE, to -> send(entry, part, to));
                    taken.add(entry);
                } catch (SandboxException e) {
                    if (e.type() != FailureType.INTERNAL) {
                        throw e;
                    }
                    refused.add(new Refused(entry.path(), "the sandbox does not take it: " + e.getMessage()));
                }
                part.skipRest();
            }
        }
        return taken;
    }

    private void send(Entry entry, InputStream content, FileSender to) throws IOException {
        if (entry.path().isEmpty()) {
            return;
        }
        String path = below + entry.path();
        switch (entry.kind()) {
            case DIRECTORY -> to.directory(path);
            case LINK -> to.link(path, Base64.getDecoder().decode(String.valueOf(entry.target())));
            case FILE -> to.file(path, entry.executable(), entry.size(), content);
        }
    }

    /** One file's bytes out of all. */
    private static final class Part extends FilterInputStream {
        private long left;

        Part(InputStream all, long size) {
            super(all);
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int one = super.read();
            left -= one < 0 ? 0 : 1;
            return one;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = super.read(into, at, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }

        void skipRest() throws IOException {
            super.in.skipNBytes(left);
            left = 0;
        }
    }
}
