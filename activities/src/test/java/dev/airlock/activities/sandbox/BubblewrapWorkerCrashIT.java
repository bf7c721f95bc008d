package dev.airlock.activities.sandbox;

import dev.airlock.workflows.sandbox.SandboxJob;

/** Sandboxes that are processes of this host, and live on when the process that started them is killed. */
class BubblewrapWorkerCrashIT extends WorkerCrashContract {
    @Override
    TestEngine kind() {
        return TestEngine.BUBBLEWRAP;
    }

    /** Nobody counts them; the nonce must do, which is checked before. */
    @Override
    long starts(SandboxJob job) {
        return 1;
    }
}
