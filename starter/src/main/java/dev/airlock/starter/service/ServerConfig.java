package dev.airlock.starter.service;

import dev.airlock.platform.settings.Settings;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import java.util.Map;

/**
 * What the server needs to know.
 *
 * @param settings where each part reads its own; all are checked once every part has
 */
public record ServerConfig(StateDirectory state, Endpoints endpoints, Settings settings) {

    /** Settings from the state directory's file and this process's environment. */
    public static ServerConfig onThisMachine(StateDirectory state, Endpoints endpoints) {
        return new ServerConfig(state, endpoints, Settings.load(state.settings(), System.getenv(), Map.of()));
    }

    /** Who the installation is. */
    public String installation() {
        return endpoints.installation();
    }
}
