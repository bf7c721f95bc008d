package dev.airlock.activities.sandbox;

/** Against processes of a host that lets nobody make cgroups: sandbox-init and rlimits hold the limits. */
class BubblewrapWithoutCgroupsHostileIT extends HostileContract {
    @Override
    TestEngine kind() {
        return TestEngine.BUBBLEWRAP_WITHOUT_CGROUPS;
    }
}
