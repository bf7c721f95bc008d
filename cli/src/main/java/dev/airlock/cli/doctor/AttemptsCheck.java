package dev.airlock.cli.doctor;

import dev.airlock.activities.hostile.CaseResult;
import dev.airlock.activities.hostile.Verdict;
import java.util.List;

/** Whether a sandbox holds what harmless programs of the hostile suite try in it. */
final class AttemptsCheck {
    private static final String NAME = "sandbox";
    private static final String WHOLE = "look at all of them: airlock sandbox selftest";

    private AttemptsCheck() {}

    /** @param engines where none of them works, the mend of theirs is the one to take */
    static Check of(List<Check> engines, Asked<List<CaseResult>> attempts) {
        return switch (attempts) {
            case Asked.Told<List<CaseResult>> told -> judged(told.value());
            case Asked.Refused<List<CaseResult>> refused ->
                engines.stream().anyMatch(check -> check.status() == Check.Status.FAIL)
                        ? Check.skip(NAME, "not tried: no engine will do")
                        : Check.warn(NAME, "none could be tried: " + refused.why(), WHOLE);
            case Asked.Silent<List<CaseResult>> silent -> Check.skip(NAME, "not tried to the end: " + silent.why());
            case Asked.Nobody<List<CaseResult>> nobody -> Check.skip(NAME, "not tried");
        };
    }

    private static Check judged(List<CaseResult> attempts) {
        if (attempts.isEmpty()) {
            return Check.skip(NAME, "not tried: the hostile suite is not built; ./airlock setup does it");
        }
        List<String> through = attempts.stream()
                .filter(one -> one.verdict() == Verdict.BREACHED)
                .map(one -> one.name() + " (" + one.detail() + ")")
                .toList();
        return through.isEmpty()
                ? Check.ok(NAME, "tried: it held " + attempts.size() + " hostile programs")
                : Check.fail(NAME, "tried: it let through " + String.join(", ", through), WHOLE);
    }
}
