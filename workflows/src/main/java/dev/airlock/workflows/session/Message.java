package dev.airlock.workflows.session;

import io.temporal.workflow.CompletablePromise;

/** What an update has put into the inbox; the loop answers by completing the reply. */
sealed interface Message {

    /** Work, one after the other. */
    sealed interface Job extends Message {
        Call call();

        /** Answers that nothing was done. */
        void refuse(Refused why);
    }

    record Exec(Call.Exec call, CompletablePromise<ExecResult> reply) implements Job {
        @Override
        public void refuse(Refused why) {
            reply.complete(new ExecResult(0, null, why, null));
        }
    }

    record Put(Call.Put call, CompletablePromise<TransferResult> reply) implements Job {
        @Override
        public void refuse(Refused why) {
            reply.complete(new TransferResult(null, why, null));
        }
    }

    record Get(Call.Get call, CompletablePromise<TransferResult> reply) implements Job {
        @Override
        public void refuse(Refused why) {
            reply.complete(new TransferResult(null, why, null));
        }
    }

    /** What is decided at once, whatever is on its way. */
    record Change(Call call, CompletablePromise<SessionView> reply) implements Message {}
}
