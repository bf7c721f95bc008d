package dev.airlock.starter.service;

import dev.airlock.platform.settings.Settings;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.telemetry.Telemetry;

/**
 * What the server needs to know.
 *
 * @param settings where each part reads its own; all are checked once every part has
 * @param telemetry of the process; whoever made it closes it, after the server
 * @param dev whether it serves one developer, who need not say beforehand what may come
 */
public record ServerConfig(
        StateDirectory state, Endpoints endpoints, Settings settings, Telemetry telemetry, boolean dev) {

    /** A server as a process of its own: for development if its broker is. */
    public ServerConfig(StateDirectory state, Endpoints endpoints, Settings settings, Telemetry telemetry) {
        this(state, endpoints, settings, telemetry, endpoints.kafka().embedded());
    }

    /** One that tells nothing. */
    public ServerConfig(StateDirectory state, Endpoints endpoints, Settings settings) {
        this(state, endpoints, settings, Telemetry.off());
    }

    /** The same as a part of {@code dev}. */
    public ServerConfig inDev() {
        return new ServerConfig(state, endpoints, settings, telemetry, true);
    }

    /** Who the installation is. */
    public String installation() {
        return endpoints.installation();
    }
}
