package dev.airlock.activities.session;

import dev.airlock.activities.sandbox.TestEngine;

/** On processes of this host. */
class BubblewrapSessionIT extends SessionContract {
    @Override
    TestEngine kind() {
        return TestEngine.BUBBLEWRAP;
    }
}
