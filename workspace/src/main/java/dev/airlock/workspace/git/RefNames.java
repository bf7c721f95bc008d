package dev.airlock.workspace.git;

import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** Names of refs (CONTRACT §2). */
final class RefNames {
    static final String PROMOTIONS = "refs/airlock/promotions/";
    private static final String RUNS = "refs/airlock/runs/";

    private RefNames() {}

    static String branch(String branch) throws WorkspaceException {
        return valid(Constants.R_HEADS + branch);
    }

    static String base(RunId run) {
        return RUNS + run + "/base";
    }

    /** The language refuses a step named {@code base}, which would collide. */
    static String checkpoint(StepAttempt at) throws WorkspaceException {
        return valid(RUNS + at.run() + "/" + at.step() + "/" + at.attempt());
    }

    static String promotion(RunId run) {
        return PROMOTIONS + run;
    }

    private static String valid(String ref) throws WorkspaceException {
        if (!Repository.isValidRefName(ref)) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.INVALID, "not a name that git takes: " + Shown.text(ref));
        }
        return ref;
    }
}
