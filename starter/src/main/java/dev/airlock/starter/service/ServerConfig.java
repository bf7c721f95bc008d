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
 */
public record ServerConfig(StateDirectory state, Endpoints endpoints, Settings settings, Telemetry telemetry) {

    /** One that tells nothing. */
    public ServerConfig(StateDirectory state, Endpoints endpoints, Settings settings) {
        this(state, endpoints, settings, Telemetry.off());
    }

    /** Who the installation is. */
    public String installation() {
        return endpoints.installation();
    }
}
