package dev.airlock.activities.sandbox;

/** Against processes of this host, with limits held as it can hold them best. */
class BubblewrapHostileIT extends HostileContract {
    @Override
    TestEngine kind() {
        return TestEngine.BUBBLEWRAP;
    }
}
