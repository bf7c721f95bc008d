package dev.airlock.activities.sandbox;

/** In containers. */
class DockerEgressIT extends EgressContract {
    @Override
    TestEngine kind() {
        return TestEngine.DOCKER;
    }
}
