package dev.airlock.workflows.session;

/** A no, or a "could not find out", as a value. */
public record Refused(SessionRefusal code, String message) {}
