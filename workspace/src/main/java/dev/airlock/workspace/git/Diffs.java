package dev.airlock.workspace.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.PatchIdDiffFormatter;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** Differences between two trees, as text and as a patch id. Renames are a deletion and an addition. */
final class Diffs {
    /** Larger files are compared as binary ones, so that no content makes a comparison slow or large. */
    private static final int TEXT_LIMIT = 4 << 20;

    private final Repository repository;

    Diffs(Repository repository) {
        this.repository = repository;
    }

    String patchId(ObjectId before, ObjectId after) throws IOException {
        try (PatchIdDiffFormatter formatter = new PatchIdDiffFormatter()) {
            formatter.setRepository(repository);
            formatter.setDetectRenames(false);
            formatter.setBinaryFileThreshold(TEXT_LIMIT);
            formatter.format(before, after);
            formatter.flush();
            return formatter.getCalulatedPatchId().name();
        }
    }

    String text(ObjectId before, ObjectId after, long maxBytes) throws IOException {
        Bounded out = new Bounded(maxBytes);
        try (DiffFormatter formatter = new DiffFormatter(out)) {
            formatter.setRepository(repository);
            formatter.setDetectRenames(false);
            formatter.setBinaryFileThreshold(TEXT_LIMIT);
            HistogramDiff linear = new HistogramDiff();
            linear.setFallbackAlgorithm(null);
            formatter.setDiffAlgorithm(linear);
            formatter.format(before, after);
            formatter.flush();
        } catch (Full e) {
            return out.text() + "\n[the diff goes on; shown are its first " + maxBytes + " bytes]\n";
        }
        return out.text();
    }

    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final long most;

        Bounded(long most) {
            this.most = most;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            long room = most - kept.size();
            kept.write(bytes, offset, (int) Math.min(room, length));
            if (length > room) {
                throw new Full();
            }
        }

        /** A character cut in two at the end becomes a replacement character. */
        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }

    private static final class Full extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
