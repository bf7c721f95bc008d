package dev.airlock.activities.validate;

import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.validate.Finding;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * All checks there are, by the names that pipelines use. The same change and pipeline always give the same findings. A check
 * that a pipeline names and this version does not have blocks the change: nobody may believe that it was made. Immutable.
 */
public final class Validators {
    private final Map<String, Check> checks;

    Validators(Map<String, Check> checks) {
        this.checks = Map.copyOf(checks);
    }

    /** The checks of this version; reads the secret rules, which takes a moment. */
    public static Validators standard() {
        return new Validators(Map.of(
                "paths", new PathsCheck(),
                "size", new SizeCheck(),
                "secrets", new SecretsCheck(new SecretScanner(SecretRules.load()))));
    }

    /**
     * What was found.
     *
     * @param list what is kept of it, in a fixed order
     * @param blocking how many findings stop the change, kept or not
     */
    record Found(List<Finding> list, int blocking, int warnings) {}

    /**
     * @param pulse called before each file; throws when the work is no longer wanted
     * @throws IOException when content cannot be read
     */
    Found check(List<Change> changes, StepUse.Validate wanted, Runnable pulse) throws IOException {
        List<Change> sorted =
                changes.stream().sorted(Comparator.comparing(Change::path)).toList();
        Findings findings = new Findings();
        for (String name : wanted.checks().stream().distinct().toList()) {
            Check check = checks.get(name);
            if (check == null) {
                findings.block("validate/check-unavailable", null, null, unavailable(name));
                continue;
            }
            check.look(sorted, wanted, findings, pulse);
        }
        if (wanted.policy() != null) {
            findings.block(
                    "validate/policy-unavailable",
                    null,
                    null,
                    "the pipeline names the policy " + Shown.text(wanted.policy())
                            + ", and this version evaluates none; take `policy` out of the step");
        }
        return new Found(findings.list(), findings.blocking(), findings.warnings());
    }

    private String unavailable(String name) {
        String known = String.join(", ", checks.keySet().stream().sorted().toList());
        return "the pipeline names the check " + Shown.text(name) + ", which this version does not have; it has "
                + known;
    }
}
