package dev.airlock.starter.service;

/**
 * A part of the server process. Every feature's module contributes its own to the set ({@code @ProvidesIntoSet}); they are
 * started in the order of the modules and closed in reverse.
 */
public interface ServerService extends AutoCloseable {
    /** Begins to serve, and returns. What it waits for, it waits for in the background: the server starts without it. */
    void start();

    /** Ends it in order. Also called when its start failed. */
    @Override
    void close();
}
