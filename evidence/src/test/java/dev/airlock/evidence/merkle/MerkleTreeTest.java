package dev.airlock.evidence.merkle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    private static final List<TreeHash> LEAVES = IntStream.range(0, 70)
            .mapToObj(number -> TreeHash.ofLeaf(("leaf " + number).getBytes(UTF_8)))
            .toList();

    @Test
    void hashesAsTheRfcSays() {
        assertThat(new MerkleTree().root())
                .isEqualTo(hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        assertThat(TreeHash.ofLeaf(new byte[0]))
                .isEqualTo(hex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
        // From certificate-transparency-go: the tree of its first three test leaves.
        MerkleTree tree = new MerkleTree();
        tree.add(TreeHash.ofLeaf(new byte[0]));
        tree.add(TreeHash.ofLeaf(new byte[] {0}));
        tree.add(TreeHash.ofLeaf(new byte[] {0x10}));
        assertThat(tree.root()).isEqualTo(hex("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"));
    }

    @Test
    void hasTheRootOfTheRecursiveDefinitionAtEverySize() {
        MerkleTree tree = new MerkleTree();
        for (int size = 0; size < LEAVES.size(); size++) {
            assertThat(tree.root()).as("%s leaves", size).isEqualTo(reference(LEAVES.subList(0, size)));
            assertThat(tree.edge()).hasSize(Long.bitCount(size));
            tree.add(LEAVES.get(size));
        }
    }

    @Test
    void goesOnFromItsEdge() {
        MerkleTree tree = new MerkleTree();
        for (TreeHash leaf : LEAVES) {
            tree.add(leaf);
            tree = new MerkleTree(tree.size(), tree.edge());
        }
        assertThat(tree.root()).isEqualTo(reference(LEAVES));
        assertThatIllegalArgumentException().isThrownBy(() -> new MerkleTree(3, List.of(LEAVES.getFirst())));
    }

    @Test
    void provesThatALeafIsIn() {
        for (int size = 1; size <= LEAVES.size(); size++) {
            InclusionProofs proofs = new InclusionProofs();
            for (int i = 0; i < size; i++) {
                proofs.add(LEAVES.get(i), i % 3 != 1);
            }
            TreeHash root = reference(LEAVES.subList(0, size));
            List<InclusionProofs.Proof> made = proofs.finish();
            assertThat(made).hasSize(size - (size + 1) / 3);
            for (InclusionProofs.Proof proof : made) {
                TreeHash leaf = LEAVES.get((int) proof.index());
                assertThat(InclusionProofs.rootBy(leaf, proof.index(), size, proof.path()))
                        .as("leaf %s of %s", proof.index(), size)
                        .isEqualTo(root);
                assertThat(InclusionProofs.rootBy(LEAVES.getLast(), proof.index(), size, proof.path()))
                        .isNotEqualTo(proof.index() == 69 ? TreeHash.ofNothing() : root);
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InclusionProofs.rootBy(LEAVES.getFirst(), 0, 2, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> InclusionProofs.rootBy(LEAVES.getFirst(), 0, 1, LEAVES));
    }

    /** RFC 6962 §2.1, word by word. */
    private static TreeHash reference(List<TreeHash> leaves) {
        if (leaves.isEmpty()) {
            return TreeHash.ofNothing();
        }
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int left = Integer.highestOneBit(leaves.size() - 1);
        return TreeHash.ofNode(
                reference(new ArrayList<>(leaves.subList(0, left))),
                reference(new ArrayList<>(leaves.subList(left, leaves.size()))));
    }

    private static TreeHash hex(String hex) {
        return TreeHash.parse(
                java.util.Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)));
    }
}
