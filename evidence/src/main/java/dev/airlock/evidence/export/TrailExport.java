package dev.airlock.evidence.export;

import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.audit.TopicRecords;
import dev.airlock.evidence.checkpoint.NewestCheckpoint;
import dev.airlock.evidence.checkpoint.NewestCheckpoint.Signed;
import dev.airlock.evidence.merkle.InclusionProofs;
import dev.airlock.evidence.merkle.InclusionProofs.Proof;
import dev.airlock.evidence.merkle.TreeHash;
import dev.airlock.workflows.Payloads;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to files, with the newest checkpoint, so that they can be verified where neither Kafka nor the installation
 * is. Reads the topic once; memory does not grow with it.
 */
public final class TrailExport {
    private final TopicRecords records;
    private final @Nullable NewestCheckpoint checkpoint;
    private final Path directory;
    private final Map<String, OutputStream> open = new HashMap<>();
    private final Map<String, Long> lines = new TreeMap<>();

    /** @param checkpoint what vouches for the records, absent if there is none */
    public TrailExport(TopicRecords records, @Nullable NewestCheckpoint checkpoint, Path directory) {
        this.records = records;
        this.checkpoint = checkpoint;
        this.directory = directory;
    }

    /**
     * What was written.
     *
     * @param proofs of the records that the checkpoint covers
     */
    public record Written(long records, long proofs, List<String> files) {}

    /** Everything: {@code records-N.ndjson} is partition N as it is, so that the checkpoint's tree can be built from it. */
    public Written all(String key) throws IOException {
        return writing(
                () -> {
                    records.read((partition, offset, owner, value) -> line("records-" + partition + ".ndjson", value));
                    return 0L;
                },
                key);
    }

    /** Some chains: {@code CHAIN.ndjson} each, and a proof for each record that it is in the checkpoint's tree. */
    public Written chains(Set<ChainId> chains, String key) throws IOException {
        return writing(
                () -> {
                    Map<Integer, Proofs> trees = new TreeMap<>();
                    records.read((partition, offset, owner, value) -> {
                        boolean wanted = owner != null
                                && ChainId.parse(owner).filter(chains::contains).isPresent();
                        trees.computeIfAbsent(partition, this::proofs).add(value, wanted ? owner : null);
                        if (wanted) {
                            line(owner + ".ndjson", value);
                        }
                    });
                    long proofs = 0;
                    for (Proofs tree : trees.values()) {
                        proofs += tree.write();
                    }
                    return proofs;
                },
                key);
    }

    private interface Work {
        long write() throws IOException;
    }

    private Written writing(Work work, String key) throws IOException {
        Files.createDirectories(directory);
        refuseFull();
        try {
            long proofs = work.write();
            long written = 0;
            for (Map.Entry<String, Long> file : lines.entrySet()) {
                written += file.getKey().startsWith("proofs") ? 0 : file.getValue();
            }
            Set<String> files = new TreeSet<>(lines.keySet());
            if (checkpoint != null) {
                for (Signed signed : checkpoint.partitions()) {
                    files.add(text("checkpoint-" + signed.partition(), signed.note()));
                }
            }
            files.add(text("key", key + "\n"));
            return new Written(written, proofs, List.copyOf(files));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            for (OutputStream out : open.values()) {
                out.close();
            }
        }
    }

    /** What was exported earlier would be taken for a part of this export. */
    private void refuseFull() throws IOException {
        try (Stream<Path> there = Files.list(directory)) {
            if (there.findAny().isPresent()) {
                throw new DirectoryNotEmptyException(directory.toString());
            }
        }
    }

    private String text(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
        return file;
    }

    private void line(String file, byte[] value) {
        try {
            OutputStream out = open.get(file);
            if (out == null) {
                out = new BufferedOutputStream(Files.newOutputStream(directory.resolve(file)));
                open.put(file, out);
            }
            Lines.write(value, out);
            lines.merge(file, 1L, Long::sum);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Proofs proofs(int partition) {
        long covered = checkpoint == null
                ? 0
                : checkpoint.partitions().stream()
                        .filter(signed -> signed.partition() == partition)
                        .mapToLong(Signed::records)
                        .sum();
        return new Proofs(partition, covered);
    }

    /** Of one partition, as far as it was signed. */
    private final class Proofs {
        private final int partition;
        private final long covered;
        private final InclusionProofs tree = new InclusionProofs();
        private final List<String> chains = new ArrayList<>();
        private final Map<String, Integer> next = new HashMap<>();
        private long size;

        Proofs(int partition, long covered) {
            this.partition = partition;
            this.covered = covered;
        }

        void add(byte[] value, @Nullable String chain) {
            if (size++ < covered) {
                tree.add(TreeHash.ofLeaf(value), chain != null);
                if (chain != null) {
                    chains.add(chain);
                }
            }
        }

        long write() throws IOException {
            List<Proof> proofs = tree.finish();
            for (int i = 0; i < proofs.size(); i++) {
                String chain = chains.get(i);
                Map<String, Object> line = new TreeMap<>();
                line.put("chain", chain);
                line.put("line", next.merge(chain, 1, Integer::sum));
                line.put("partition", partition);
                line.put("index", proofs.get(i).index());
                line.put("size", covered);
                line.put(
                        "path",
                        proofs.get(i).path().stream().map(TreeHash::toString).toList());
                TrailExport.this.line("proofs.ndjson", Payloads.mapper().writeValueAsBytes(line));
            }
            return proofs.size();
        }
    }
}
