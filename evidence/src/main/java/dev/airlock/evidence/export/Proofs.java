package dev.airlock.evidence.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.checkpoint.SignedSize;
import dev.airlock.evidence.merkle.InclusionProofs;
import dev.airlock.evidence.merkle.TreeHash;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an export's {@code proofs.ndjson} says: where in the signed trees the records of some chains are. */
final class Proofs {
    static final String FILE = "proofs.ndjson";

    private static final int MOST = 500_000;
    private static final int LONGEST_PATH = 64;

    /** Of each chain, by line. */
    private final Map<String, Map<Integer, Proof>> chains = new HashMap<>();

    private int size;

    private record Proof(int partition, long index, long size, List<TreeHash> path) {}

    void read(InputStream content) throws IOException {
        Lines lines = new Lines(content);
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (++size > MOST) {
                throw new IOException(FILE + " has more than " + MOST + " lines; export fewer runs at a time");
            }
            take(line);
        }
    }

    /** What is no proof proves nothing. */
    private void take(byte[] line) {
        try {
            JsonNode proof = Payloads.mapper().readTree(line);
            List<TreeHash> path = new ArrayList<>();
            for (JsonNode hash : proof.path("path")) {
                if (path.size() < LONGEST_PATH) {
                    path.add(TreeHash.parse(hash.asText()));
                }
            }
            chains.computeIfAbsent(proof.path("chain").asText(), unused -> new HashMap<>())
                    .putIfAbsent(
                            proof.path("line").asInt(),
                            new Proof(
                                    proof.path("partition").asInt(-1),
                                    proof.path("index").asLong(-1),
                                    proof.path("size").asLong(-1),
                                    path));
        } catch (IOException | IllegalArgumentException e) {
            // The record that it is of lacks it then.
        }
    }

    /** Number of the chain's last record that was signed, 0 if none was. */
    int lastLine(String chain) {
        return chains.getOrDefault(chain, Map.of()).keySet().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    /** Whether the record is in a tree that was signed. */
    boolean proves(String chain, int line, byte[] record, Map<Integer, SignedSize> signed) {
        Proof proof = chains.getOrDefault(chain, Map.of()).get(line);
        SignedSize tree = proof == null ? null : signed.get(proof.partition());
        return proof != null
                && tree != null
                && tree.records() == proof.size()
                && leadsTo(tree.root(), proof, TreeHash.ofLeaf(record));
    }

    private static boolean leadsTo(TreeHash root, Proof proof, TreeHash leaf) {
        try {
            return InclusionProofs.rootBy(leaf, proof.index(), proof.size(), proof.path())
                    .equals(root);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
