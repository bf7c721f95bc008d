package dev.airlock.workspace.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.PatchIdDiffFormatter;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.patch.FileHeader;
import org.eclipse.jgit.util.sha1.SHA1;

/** Differences between two trees, as text and as a patch id. Renames are a deletion and an addition. */
final class Diffs {
    /** Larger files are compared as binary ones, so that no content makes a comparison slow or large. */
    private static final int TEXT_LIMIT = 4 << 20;

    private final Repository repository;

    Diffs(Repository repository) {
        this.repository = repository;
    }

    /**
     * The sum of the ids of each file's patch, so that the order of files does not count: what
     * {@code git diff --no-renames --histogram BEFORE AFTER | git patch-id --verbatim} prints. Binary files count by the ids
     * of their contents, which that command does not look at.
     */
    String patchId(ObjectId before, ObjectId after) throws IOException {
        byte[] sum = new byte[Constants.OBJECT_ID_LENGTH];
        for (DiffEntry file : files(before, after)) {
            try (PatchIdDiffFormatter formatter = new PatchIdDiffFormatter()) {
                configure(formatter);
                if (formatter.toFileHeader(file).getPatchType() != FileHeader.PatchType.UNIFIED) {
                    add(sum, binary(file));
                    continue;
                }
                formatter.format(file);
                formatter.flush();
                add(sum, formatter.getCalulatedPatchId());
            }
        }
        return ObjectId.fromRaw(sum).name();
    }

    private static ObjectId binary(DiffEntry file) {
        String text = file.getOldMode() + " " + file.getOldPath() + "\0"
                + file.getOldId().name() + "\0" + file.getNewMode() + " " + file.getNewPath() + "\0"
                + file.getNewId().name();
        SHA1 hash = SHA1.newInstance();
        hash.update(text.getBytes(StandardCharsets.UTF_8));
        return hash.toObjectId();
    }

    private List<DiffEntry> files(ObjectId before, ObjectId after) throws IOException {
        try (DiffFormatter formatter = new DiffFormatter(OutputStream.nullOutputStream())) {
            configure(formatter);
            return formatter.scan(before, after);
        }
    }

    /** As git adds them: the first byte is the lowest. */
    private static void add(byte[] sum, ObjectId summand) {
        byte[] bytes = new byte[sum.length];
        summand.copyRawTo(bytes, 0);
        int carry = 0;
        for (int i = 0; i < sum.length; i++) {
            carry += (sum[i] & 0xff) + (bytes[i] & 0xff);
            sum[i] = (byte) carry;
            carry >>= 8;
        }
    }

    /** Without a fallback the time is bounded by the size, whatever the content; such a piece is shown as replaced. */
    private void configure(DiffFormatter formatter) {
        formatter.setRepository(repository);
        formatter.setDetectRenames(false);
        formatter.setBinaryFileThreshold(TEXT_LIMIT);
        HistogramDiff linear = new HistogramDiff();
        linear.setFallbackAlgorithm(null);
        formatter.setDiffAlgorithm(linear);
    }

    String text(ObjectId before, ObjectId after, long maxBytes) throws IOException {
        Bounded out = new Bounded(maxBytes);
        try (DiffFormatter formatter = new DiffFormatter(out)) {
            configure(formatter);
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
