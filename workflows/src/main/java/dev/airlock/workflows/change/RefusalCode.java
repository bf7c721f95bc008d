package dev.airlock.workflows.change;

/** Why a decision or action is refused; the error codes of CONTRACT §8 that a run can answer with. */
public enum RefusalCode {
    USAGE,
    STALE_EVIDENCE,
    SELF_APPROVAL,
    NOT_A_REVIEWER,
    ALREADY_DECIDED,
    BASE_MOVED,
    TREE_MISMATCH
}
