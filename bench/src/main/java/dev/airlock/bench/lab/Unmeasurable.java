package dev.airlock.bench.lab;

/** This machine lacks what a row needs; the message says what. */
public final class Unmeasurable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unmeasurable(String why) {
        super(why);
    }
}
