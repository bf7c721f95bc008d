package dev.airlock.evidence.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.evidence.merkle.MerkleTree;
import dev.airlock.evidence.merkle.TreeHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the next checkpoint of a partition goes on from. It needs no signature: it must fold to the root that was signed.
 *
 * @param last hash of the last leaf, by which its place is found again; absent before the first
 */
record Edge(@Nullable TreeHash last, List<TreeHash> hashes) {
    Edge {
        hashes = List.copyOf(hashes);
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder();
        if (last != null) {
            text.append(last).append('\n');
        }
        hashes.forEach(hash -> text.append(hash).append('\n'));
        return text.toString().getBytes(UTF_8);
    }

    static Edge parse(byte[] bytes) {
        List<TreeHash> all =
                new String(bytes, UTF_8).lines().map(TreeHash::parse).toList();
        return all.isEmpty() ? new Edge(null, all) : new Edge(all.getFirst(), all.subList(1, all.size()));
    }

    /** @throws IllegalArgumentException if this is not the edge of the tree that was signed */
    MerkleTree tree(Checkpoint signed) {
        MerkleTree tree = new MerkleTree(signed.size(), hashes);
        if (!tree.root().equals(signed.root())) {
            throw new IllegalArgumentException("the kept edge does not have the root that was signed");
        }
        return tree;
    }
}
