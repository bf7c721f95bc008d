package dev.airlock.activities.session;

import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.platform.state.InstallationSecret;
import dev.airlock.platform.state.SealedText;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.session.Call;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Values that a caller took from his environment: sealed on the way, so that no history, log or store holds them. */
final class SealedEnvironment {
    private SealedEnvironment() {}

    static SortedMap<String, String> open(InstallationSecret secret, String owner, Call.Exec call) throws IOException {
        SortedMap<String, String> opened = new TreeMap<>();
        Call.Environment environment = call.environment();
        if (environment == null) {
            return opened;
        }
        try {
            String json =
                    SealedText.open(secret, Call.Environment.PURPOSE, owner + "/" + call.id(), environment.sealed());
            Map<?, ?> values = Payloads.mapper().readValue(json, Map.class);
            values.forEach((name, value) -> opened.put(String.valueOf(name), String.valueOf(value)));
            return opened;
        } catch (IllegalArgumentException e) {
            throw new SandboxException(
                    FailureType.CORRUPT,
                    "the environment of call " + call.id() + " cannot be opened: " + e.getMessage()
                            + "; the caller must use the state directory of this worker's installation",
                    e);
        }
    }
}
