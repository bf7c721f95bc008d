package dev.airlock.activities.validate;

import static dev.airlock.activities.validate.Changes.added;
import static dev.airlock.activities.validate.Changes.check;
import static dev.airlock.activities.validate.Changes.deleted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.validate.Finding;
import dev.airlock.workflows.validate.Finding.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ValidatorsTest {

    @Test
    void blocksWhenAPipelineNamesACheckThatIsNotThere() {
        StepUse.Validate wanted = new StepUse.Validate(
                List.of("pii", "hidden-text", "pii"), Changes.ANY_PATH, Changes.ANY_SIZE, "policy/change.cel");
        Validators.Found found = check(wanted);
        assertThat(found.blocking()).isEqualTo(3);
        assertThat(found.list())
                .extracting(Finding::rule)
                .containsExactly(
                        "validate/check-unavailable", "validate/check-unavailable", "validate/policy-unavailable");
        assertThat(found.list().get(0).message())
                .isEqualTo("the pipeline names the check hidden-text, which this version does not have;"
                        + " it has paths, secrets, size");
    }

    @Test
    void runsOnlyWhatIsListed() {
        StepUse.Validate nothing = new StepUse.Validate(List.of(), Changes.ANY_PATH, new StepUse.Sizes(1, 1), null);
        assertThat(check(nothing, added(".airlock/x", "xx")).list()).isEmpty();
    }

    @Test
    void boundsEachFileAndAllTogetherToTheByte() {
        StepUse.Validate wanted =
                new StepUse.Validate(List.of("size"), Changes.ANY_PATH, new StepUse.Sizes(1000, 2000), null);
        assertThat(check(wanted, added("a", "x".repeat(1000)), added("b", "x".repeat(1000)))
                        .list())
                .isEmpty();
        assertThat(check(wanted, deleted("a", "x".repeat(9000))).list()).isEmpty();
        assertThat(check(wanted, added("a", "x".repeat(1001)), added("b", "x".repeat(1000)))
                        .list())
                .extracting(Finding::rule, Finding::path, Finding::message)
                .containsExactly(
                        tuple("size/total", null, "the changed files have 2,001 bytes together, allowed are 2,000"),
                        tuple("size/file", "a", "has 1,001 bytes, one changed file may have 1,000"));
    }

    @Test
    void theSameChangeGivesTheSameBytesInWhateverOrderItComes() {
        StepUse.Validate wanted = new StepUse.Validate(
                List.of("secrets", "size", "paths"),
                new StepUse.Paths(List.of("src/**"), List.of()),
                new StepUse.Sizes(10, 20),
                null);
        List<Change> changes = new ArrayList<>();
        FakeSecrets.all().forEach(each -> changes.add(added(each.rule() + ".txt", each.text() + each.text())));
        byte[] bytes = CanonicalJson.bytes(
                check(wanted, changes.toArray(Change[]::new)).list());
        for (int seed = 0; seed < 3; seed++) {
            Collections.shuffle(changes, new Random(seed));
            assertThat(CanonicalJson.bytes(
                            check(wanted, changes.toArray(Change[]::new)).list()))
                    .isEqualTo(bytes);
        }
    }

    @Test
    void whatBlocksComesFirstAndIsKeptBeforeWarnings() {
        Findings findings = new Findings();
        for (int i = 0; i < 1200; i++) {
            findings.warn("w", "path" + i, i, "m");
        }
        findings.block("b", "zzz", 1, "m");
        assertThat(findings.list()).hasSize(1001);
        assertThat(findings.list().get(0).rule()).isEqualTo("b");
        assertThat(findings.list().getLast().severity()).isEqualTo(Severity.WARN);
        assertThat(findings.list().getLast().message()).startsWith("201 more findings are not listed, 0 of them");
        assertThat(findings.blocking()).isOne();
        assertThat(findings.warnings()).isEqualTo(1200);
    }

    @Test
    void theSameFindingTwiceIsTwo() {
        Findings findings = new Findings();
        findings.block("b", null, null, "m");
        findings.block("b", null, null, "m");
        assertThat(findings.list()).hasSize(2);
    }

    @Test
    void stopsWhenToldAndPassesOnThatItCouldNotFindOut() {
        StepUse.Validate wanted = new StepUse.Validate(List.of("secrets"), Changes.ANY_PATH, Changes.ANY_SIZE, null);
        assertThatThrownBy(() -> Validators.standard().check(List.of(added("a", "x")), wanted, () -> {
                    throw new CancellationException("told");
                }))
                .isInstanceOf(CancellationException.class);
        Change unreadable = new Change(
                "a",
                null,
                new Change.Entry(Change.Kind.FILE, () -> {
                    throw new IOException("disk");
                }),
                1);
        assertThatThrownBy(() -> Validators.standard().check(List.of(unreadable), wanted, () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("disk");
    }
}
