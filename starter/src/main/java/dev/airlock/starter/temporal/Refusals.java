package dev.airlock.starter.temporal;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.RefusalCode;
import dev.airlock.workflows.id.RunId;
import org.jspecify.annotations.Nullable;

/** A run's no, as everybody outside sees it, whether a validator or the loop said it. */
public final class Refusals {
    private Refusals() {}

    public static AirlockException of(RunId run, @Nullable RefusalCode refusal, @Nullable String message) {
        ErrorCode code = refusal == null ? ErrorCode.INTERNAL : code(refusal);
        String text = message == null ? run + " refuses: " + code : message;
        return new AirlockException(code, text, run.value(), hint(code, run));
    }

    private static ErrorCode code(RefusalCode refusal) {
        return switch (refusal) {
            case USAGE -> ErrorCode.USAGE;
            case STALE_EVIDENCE -> ErrorCode.STALE_EVIDENCE;
            case SELF_APPROVAL -> ErrorCode.SELF_APPROVAL;
            case NOT_A_REVIEWER -> ErrorCode.NOT_A_REVIEWER;
            case ALREADY_DECIDED -> ErrorCode.ALREADY_DECIDED;
            case BASE_MOVED -> ErrorCode.BASE_MOVED;
            case TREE_MISMATCH -> ErrorCode.TREE_MISMATCH;
        };
    }

    static String hint(ErrorCode code, RunId run) {
        return switch (code) {
            case STALE_EVIDENCE -> "look again with `airlock review " + run + "` and decide on the evidence it shows";
            case SELF_APPROVAL -> "someone else than the author must approve: --as user:NAME";
            case NOT_A_REVIEWER -> "a person must decide: --as user:NAME";
            case BASE_MOVED -> "push the change again, onto the branch as it is now";
            case TREE_MISMATCH -> "the content changed after it was tested: find out who did it, then push again";
            default -> "see `airlock status " + run + "`";
        };
    }
}
