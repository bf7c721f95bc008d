package dev.airlock.activities.session;

import dev.airlock.activities.sandbox.TestEngine;

/** On a real docker daemon. */
class DockerSessionIT extends SessionContract {
    @Override
    TestEngine kind() {
        return TestEngine.DOCKER;
    }
}
