package dev.airlock.evidence.checkpoint;

/** The topic, or what was signed of it, is not what it was: a checkpoint on top would vouch for it. */
public final class CheckpointRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckpointRefusedException(String message) {
        super(message);
    }
}
