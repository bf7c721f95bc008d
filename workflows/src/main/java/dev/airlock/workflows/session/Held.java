package dev.airlock.workflows.session;

import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.SandboxPlace;

/**
 * The container behind an interactive sandbox.
 *
 * @param incarnation counted from 1
 * @param image digest of the image that it was made from
 */
public record Held(int incarnation, SandboxPlace place, EngineIdentity engine, String image) {}
