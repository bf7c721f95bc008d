package dev.airlock.cli.session;

/** Whom answers are for. */
public enum Format {
    /** People. */
    TEXT,
    /** Programs: one object on stdout, or one a line. */
    JSON
}
