package dev.airlock.activities.validate;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.validate.ValidateActivities;
import dev.airlock.workspace.git.WorkspaceException;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;

/** Runs the checks on a candidate and keeps what they found; safe to repeat, since the same input gives the same artifact. */
public final class ValidateActivitiesImpl implements ValidateActivities {
    /** For a check within a workflow task. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final Workspaces workspaces;
    private final ArtifactStore artifacts;
    private final Validators validators;

    public ValidateActivitiesImpl(Workspaces workspaces, ArtifactStore artifacts, Validators validators) {
        this.workspaces = workspaces;
        this.artifacts = artifacts;
        this.validators = validators;
    }

    @Override
    public ValidateResult check(ValidateRequest request) {
        Runnable pulse = pulse(request, Activity.getExecutionContext());
        try (WorkspaceRepository repository = workspaces.open(request.workspace())) {
            CandidateChanges changes = new CandidateChanges(repository, request.base(), request.candidate());
            Validators.Found found = validators.check(changes.list(), request.checks(), pulse);
            Digest findings = artifacts.put(CanonicalJson.bytes(found.list()));
            Failpoints.hit("validate.checked");
            return new ValidateResult(findings, found.blocking(), found.warnings());
        } catch (IOException e) {
            throw failure(request, e);
        }
    }

    /** A run that is asked in its workflow task answers nobody meanwhile, so what takes long is begun anew as an activity. */
    private static Runnable pulse(ValidateRequest request, ActivityExecutionContext activity) {
        if (!activity.getInfo().isLocal()) {
            // The SDK bounds how often it really sends one; and it throws here when the work is no longer wanted.
            return () -> activity.heartbeat(null);
        }
        long end = System.nanoTime() + AT_ONCE.toNanos();
        return () -> {
            if (System.nanoTime() - end > 0) {
                throw Failures.of(
                        FailureType.UNAVAILABLE,
                        "candidate " + request.candidate() + " cannot be checked within " + AT_ONCE.toMillis()
                                + " ms; it is given the time it needs",
                        null);
            }
        };
    }

    private static ApplicationFailure failure(ValidateRequest request, IOException e) {
        String what = "validate: candidate " + request.candidate() + " of workspace " + request.workspace()
                + " cannot be checked: " + e.getMessage();
        if (isDamage(e)) {
            return Failures.of(
                    FailureType.CORRUPT, what + "; restore the repository from a copy, then retry the step", e);
        }
        return Failures.of(FailureType.UNAVAILABLE, what, e);
    }

    /** Whether something that was there is missing or differs, so that trying again cannot help. */
    private static boolean isDamage(IOException e) {
        if (e instanceof WorkspaceException refused) {
            return switch (refused.kind()) {
                case NOT_FOUND, INVALID, CONFLICT, CORRUPT -> true;
                case EXISTS -> false;
            };
        }
        return e instanceof MissingObjectException
                || e instanceof CorruptObjectException
                || e instanceof IncorrectObjectTypeException;
    }
}
