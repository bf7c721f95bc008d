package dev.airlock.activities.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.activities.hostile.Observation.End;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is called contained is contained, and nothing else is. */
class JudgeTest {
    private static final HostileCase.Output ANY_OUTPUT = new HostileCase.Output(null, 0, null);
    private static final HostileCase.Files NO_FILES = new HostileCase.Files(null, null, null);

    private static HostileCase expecting(String end, HostileCase.Output output, HostileCase.Files files) {
        return new HostileCase(
                "try",
                "group",
                "does",
                "must",
                false,
                null,
                new HostileCase.Outside(
                        List.of(end.split("\\|", -1)), 3, 0, output, files, new HostileCase.Probes(null, null)));
    }

    private static HostileCase expecting(String end) {
        return expecting(end, ANY_OUTPUT, NO_FILES);
    }

    private static Observation seen(End end, String output) {
        return new Observation(end, Duration.ofSeconds(1), output, output.length(), List.of(), Set.of(), List.of());
    }

    private static String word(String name, String verdict) {
        return "noise\n{\"case\":\"" + name + "\",\"verdict\":\"" + verdict + "\",\"detail\":\"why\",\"errno\":1}\n";
    }

    private static Verdict verdict(HostileCase one, Observation seen) {
        return Judge.of(one, seen).verdict();
    }

    @Test
    void takesACasesOwnWordWithTheExitCodeThatBelongsToIt() {
        HostileCase one = expecting("verdict");
        assertThat(Judge.of(one, seen(new End.Exited(0), word("try", "contained"))))
                .isEqualTo(new Judge.Judgement(Verdict.CONTAINED, "why"));
        assertThat(verdict(one, seen(new End.Exited(1), word("try", "breached"))))
                .isEqualTo(Verdict.BREACHED);
        assertThat(verdict(one, seen(new End.Exited(3), word("try", "unsupported"))))
                .isEqualTo(Verdict.UNSUPPORTED);
    }

    @Test
    void believesNoOtherWord() {
        HostileCase one = expecting("verdict");
        assertThat(verdict(one, seen(new End.Exited(0), ""))).isEqualTo(Verdict.BREACHED);
        assertThat(verdict(one, seen(new End.Exited(0), "{not json"))).isEqualTo(Verdict.BREACHED);
        assertThat(verdict(one, seen(new End.Exited(0), "null"))).isEqualTo(Verdict.BREACHED);
        assertThat(verdict(one, seen(new End.Exited(9), word("try", "contained"))))
                .isEqualTo(Verdict.BREACHED);
        assertThat(verdict(one, seen(new End.Exited(0), word("other", "contained"))))
                .isEqualTo(Verdict.BREACHED);
        assertThat(verdict(one, seen(new End.Exited(0), word("try", "contained") + "more")))
                .isEqualTo(Verdict.BREACHED);
    }

    @Test
    void aLimitMustBeTheExpectedOne() {
        assertThat(verdict(expecting("TIMEOUT"), seen(new End.Limited("TIMEOUT"), "")))
                .isEqualTo(Verdict.CONTAINED);
        assertThat(verdict(expecting("TIMEOUT"), seen(new End.Limited("OUTPUT"), "")))
                .isEqualTo(Verdict.BREACHED);
        assertThat(verdict(expecting("MEMORY|verdict"), seen(new End.Limited("MEMORY"), "")))
                .isEqualTo(Verdict.CONTAINED);
        assertThat(verdict(expecting("MEMORY|verdict"), seen(new End.Exited(1), word("try", "breached"))))
                .isEqualTo(Verdict.BREACHED);
    }

    @Test
    void aCaseThatMustNotComeToItsWordIsBreachedWhenItDoes() {
        assertThat(verdict(expecting("TIMEOUT"), seen(new End.Exited(0), word("try", "contained"))))
                .isEqualTo(Verdict.BREACHED);
        assertThat(Judge.of(expecting("OUTPUT"), seen(new End.Exited(1), word("try", "breached"))))
                .isEqualTo(new Judge.Judgement(Verdict.BREACHED, "why"));
    }

    @Test
    void anExitCodeMustBeTheExpectedOne() {
        assertThat(verdict(expecting("exit 7"), seen(new End.Exited(7), ""))).isEqualTo(Verdict.CONTAINED);
        assertThat(verdict(expecting("exit 7"), seen(new End.Exited(0), ""))).isEqualTo(Verdict.BREACHED);
        assertThat(verdict(expecting("exit 7"), seen(new End.Exited(77), ""))).isEqualTo(Verdict.BREACHED);
    }

    @Test
    void whatNobodyCanTellIsBreached() {
        assertThat(verdict(expecting("verdict"), seen(new End.Lost("silent"), word("try", "contained"))))
                .isEqualTo(Verdict.BREACHED);
        assertThat(verdict(expecting("verdict"), seen(new End.Died("died"), "")))
                .isEqualTo(Verdict.BREACHED);
        assertThat(verdict(expecting("MEMORY"), seen(new End.Died("died"), ""))).isEqualTo(Verdict.CONTAINED);
    }

    @Test
    void endsInTime() {
        Observation late = new Observation(
                new End.Limited("TIMEOUT"), Duration.ofMillis(4001), "", 0, List.of(), Set.of(), List.of());
        assertThat(Judge.of(expecting("TIMEOUT"), late).detail()).contains("4001 ms", "4000");
        assertThat(Judge.isLate(expecting("TIMEOUT"), late)).isTrue();
        assertThat(Judge.isLate(expecting("TIMEOUT"), seen(new End.Limited("TIMEOUT"), "")))
                .isFalse();
    }

    @Test
    void comparesOutputByteByByte() {
        HostileCase whole = expecting("exit 0", new HostileCase.Output("1bff00", 0, null), NO_FILES);
        assertThat(verdict(whole, seen(new End.Exited(0), "\u001b\u00ff\0"))).isEqualTo(Verdict.CONTAINED);
        assertThat(verdict(whole, seen(new End.Exited(0), "\u001b\u00fe\0"))).isEqualTo(Verdict.BREACHED);
        HostileCase least = expecting("exit 0", new HostileCase.Output(null, 5, null), NO_FILES);
        assertThat(verdict(least, seen(new End.Exited(0), "1234"))).isEqualTo(Verdict.BREACHED);
        HostileCase never = expecting("exit 0", new HostileCase.Output(null, 0, "late"), NO_FILES);
        assertThat(verdict(never, seen(new End.Exited(0), "too late\n"))).isEqualTo(Verdict.BREACHED);
    }

    @Test
    void everyHostileEntryIsRefusedAndEveryHonestOneKept() {
        HostileCase.Files files =
                new HostileCase.Files(List.of("link-outside absolute"), List.of("honest"), List.of("absolute"));
        HostileCase one = expecting("exit 0", ANY_OUTPUT, files);
        assertThat(verdict(one, collected(List.of("link-outside absolute"), Set.of("honest"))))
                .isEqualTo(Verdict.CONTAINED);
        assertThat(verdict(one, collected(List.of("link absolute"), Set.of("honest"))))
                .isEqualTo(Verdict.BREACHED);
        assertThat(verdict(one, collected(List.of("link-outside absolute"), Set.of())))
                .isEqualTo(Verdict.BREACHED);
        assertThat(verdict(one, collected(List.of("link-outside absolute"), Set.of("honest", "absolute"))))
                .isEqualTo(Verdict.BREACHED);
    }

    private static Observation collected(List<String> findings, Set<String> files) {
        return new Observation(new End.Exited(0), Duration.ZERO, "", 0, findings, files, List.of());
    }

    @Test
    void aComplaintFromOutsideOutweighsTheCasesOwnWord() {
        Observation seen = seen(new End.Exited(0), word("try", "contained")).but("a neighbour is affected");
        assertThat(Judge.of(expecting("verdict"), seen))
                .isEqualTo(new Judge.Judgement(Verdict.BREACHED, "a neighbour is affected"));
    }

    @Test
    void whatCannotBeTriedStaysSoWhateverElseIsSeen() {
        @Nullable String nothing = null;
        HostileCase one = expecting("exit 0", new HostileCase.Output(nothing, 100, nothing), NO_FILES);
        assertThat(verdict(one, seen(new End.Exited(3), word("try", "unsupported"))))
                .isEqualTo(Verdict.UNSUPPORTED);
    }
}
