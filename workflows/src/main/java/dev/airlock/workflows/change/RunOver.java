package dev.airlock.workflows.change;

/** Leaves whatever the run is doing, because somebody cancelled it or its deadline passed. Never leaves the workflow. */
final class RunOver extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Ending ending;

    RunOver(Ending ending) {
        super(ending.reason());
        this.ending = ending;
    }

    Ending ending() {
        return ending;
    }
}
