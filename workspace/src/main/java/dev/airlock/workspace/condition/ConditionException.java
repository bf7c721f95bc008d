package dev.airlock.workspace.condition;

/** A text that is no condition, or a condition that has no answer. The message is one line for people. */
public final class ConditionException extends Exception {
    private static final long serialVersionUID = 1L;

    ConditionException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
