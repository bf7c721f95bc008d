package dev.airlock.starter.cloudevent;

/** A record is not what it would have to be. It never will be, so it goes to the dead letters. */
public final class Unacceptable extends Exception {
    private static final long serialVersionUID = 1L;

    private final Cause cause;

    /** @param message what is wrong, and what would be right, for the person who sent it */
    public Unacceptable(Cause cause, String message) {
        super(message);
        this.cause = cause;
    }

    public Cause why() {
        return cause;
    }

    /** The message, never absent. */
    public String text() {
        String message = getMessage();
        return message == null ? cause.name() : message;
    }
}
