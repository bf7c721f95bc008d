package dev.airlock.evidence.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * A Merkle tree (RFC 6962) that only grows, of which just the right edge is kept: the roots of its perfect subtrees, largest
 * first, at most 63 of them. So it goes on from where another process left it, and a leaf costs about two hashes.
 *
 * <p>Not safe for several threads.
 */
public final class MerkleTree {
    private final List<TreeHash> edge;
    private long size;

    /** The tree without a leaf. */
    public MerkleTree() {
        this(0, List.of());
    }

    /** @throws IllegalArgumentException if a tree of that size has another number of perfect subtrees */
    public MerkleTree(long size, List<TreeHash> edge) {
        if (size < 0 || Long.bitCount(size) != edge.size()) {
            throw new IllegalArgumentException("a tree of " + size + " leaves has no edge of " + edge.size());
        }
        this.size = size;
        this.edge = new ArrayList<>(edge);
    }

    /** Adds a leaf on the right. */
    public void add(TreeHash leaf) {
        TreeHash node = leaf;
        for (long complete = size; (complete & 1) == 1; complete >>= 1) {
            node = TreeHash.ofNode(edge.removeLast(), node);
        }
        edge.add(node);
        size++;
    }

    /** Number of leaves. */
    public long size() {
        return size;
    }

    /** Roots of the perfect subtrees, largest first. */
    public List<TreeHash> edge() {
        return List.copyOf(edge);
    }

    public TreeHash root() {
        if (edge.isEmpty()) {
            return TreeHash.ofNothing();
        }
        TreeHash root = edge.getLast();
        for (int i = edge.size() - 2; i >= 0; i--) {
            root = TreeHash.ofNode(edge.get(i), root);
        }
        return root;
    }
}
