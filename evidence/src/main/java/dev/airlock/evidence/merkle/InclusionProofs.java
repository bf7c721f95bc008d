package dev.airlock.evidence.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * Proofs (RFC 6962 §2.1.1) that some leaves are in a tree, made in one pass over all leaves: memory is that of the proofs.
 * Not safe for several threads.
 */
public final class InclusionProofs {
    private final List<Subtree> edge = new ArrayList<>();
    private final List<Proof> wanted = new ArrayList<>();
    private long size;

    /** A perfect subtree on the edge, and the wanted leaves in it. */
    private record Subtree(TreeHash root, List<Proof> wanted) {}

    /** A leaf's place and the hashes that lead from it to the root, lowest first; complete once all leaves are there. */
    public static final class Proof {
        private final long index;
        private final List<TreeHash> path = new ArrayList<>();

        private Proof(long index) {
            this.index = index;
        }

        /** From 0. */
        public long index() {
            return index;
        }

        public List<TreeHash> path() {
            return List.copyOf(path);
        }
    }

    /** @param prove whether a proof of this leaf is wanted */
    public void add(TreeHash leaf, boolean prove) {
        List<Proof> here = new ArrayList<>();
        if (prove) {
            here.add(new Proof(size));
            wanted.addAll(here);
        }
        Subtree node = new Subtree(leaf, here);
        for (long complete = size; (complete & 1) == 1; complete >>= 1) {
            node = join(edge.removeLast(), node);
        }
        edge.add(node);
        size++;
    }

    /** To be called once: the proofs against the tree of all leaves so far, in the order of the leaves. */
    public List<Proof> finish() {
        for (int i = edge.size() - 1; i > 0; i--) {
            edge.set(i - 1, join(edge.get(i - 1), edge.get(i)));
        }
        return List.copyOf(wanted);
    }

    private static Subtree join(Subtree left, Subtree right) {
        left.wanted().forEach(proof -> proof.path.add(right.root()));
        right.wanted().forEach(proof -> proof.path.add(left.root()));
        List<Proof> both = left.wanted().isEmpty() ? right.wanted() : left.wanted();
        if (!left.wanted().isEmpty()) {
            both.addAll(right.wanted());
        }
        return new Subtree(TreeHash.ofNode(left.root(), right.root()), both);
    }

    /** The root that the path leads to, from a leaf at that place in a tree of that size (RFC 9162 §2.1.3.2). */
    public static TreeHash rootBy(TreeHash leaf, long index, long size, List<TreeHash> path) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no leaf " + index + " in a tree of " + size);
        }
        TreeHash root = leaf;
        long at = index;
        long last = size - 1;
        for (TreeHash sibling : path) {
            if (last == 0) {
                throw new IllegalArgumentException("the path is too long");
            }
            if ((at & 1) == 1 || at == last) {
                root = TreeHash.ofNode(sibling, root);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                root = TreeHash.ofNode(root, sibling);
            }
            at >>= 1;
            last >>= 1;
        }
        if (last != 0) {
            throw new IllegalArgumentException("the path is too short");
        }
        return root;
    }
}
