package dev.airlock.activities.sandbox;

/** Against containers. */
class DockerHostileIT extends HostileContract {
    @Override
    TestEngine kind() {
        return TestEngine.DOCKER;
    }
}
