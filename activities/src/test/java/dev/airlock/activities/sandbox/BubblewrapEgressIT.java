package dev.airlock.activities.sandbox;

/** In processes of this host. */
class BubblewrapEgressIT extends EgressContract {
    @Override
    TestEngine kind() {
        return TestEngine.BUBBLEWRAP;
    }
}
