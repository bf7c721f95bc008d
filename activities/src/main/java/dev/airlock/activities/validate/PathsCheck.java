package dev.airlock.activities.validate;

import dev.airlock.activities.validate.Change.Entry;
import dev.airlock.activities.validate.Change.Kind;
import dev.airlock.workflows.pipeline.StepUse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where a change may touch the tree, and what it may put there besides plain files. Every changed path counts, also one that
 * only changed its mode or went away. {@code .airlock/**} is denied, whatever else the pipeline denies, unless it allows a
 * pattern that begins with {@code .airlock}.
 */
final class PathsCheck implements Check {
    private static final String OWN = ".airlock";

    @Override
    public void look(List<Change> changes, StepUse.Validate wanted, Findings findings, Runnable pulse)
            throws IOException {
        List<String> allowed = wanted.paths().allow();
        Globs allow = new Globs(allowed, 0);
        Globs deny = new Globs(wanted.paths().deny(), Globs.FOLDING);
        boolean ownAllowed = allowed.stream().anyMatch(each -> each.startsWith(OWN));
        Globs own = new Globs(ownAllowed ? List.of() : List.of(OWN + "/**"), Globs.FOLDING);
        for (Change change : changes) {
            pulse.run();
            Optional<String> denied = deny.matching(change.path()).or(() -> own.matching(change.path()));
            if (denied.isPresent()) {
                findings.block(
                        "paths/denied", change.path(), null, "the pipeline denies changes to " + denied.orElseThrow());
            } else if (!allowed.isEmpty() && allow.matching(change.path()).isEmpty()) {
                findings.block(
                        "paths/not-allowed",
                        change.path(),
                        null,
                        "the pipeline allows changes only to " + String.join(", ", allowed));
            }
            lookAtKind(change, findings);
        }
    }

    private static void lookAtKind(Change change, Findings findings) throws IOException {
        Entry after = change.after();
        if (after == null) {
            return;
        }
        Kind was = change.before() == null ? Kind.FILE : change.before().kind();
        switch (after.kind()) {
            case SUBMODULE ->
                findings.block(
                        "paths/submodule",
                        change.path(),
                        null,
                        "a submodule: its content is in another repository and cannot be checked");
            case LINK -> Links.look(change.path(), after, findings);
            case EXECUTABLE -> {
                if (was != Kind.EXECUTABLE) {
                    findings.warn("paths/executable", change.path(), null, "becomes executable");
                }
            }
            case FILE -> {
                if (was == Kind.EXECUTABLE) {
                    findings.warn("paths/executable", change.path(), null, "is no longer executable");
                }
            }
        }
    }
}
