package dev.airlock.activities.output;

import dev.airlock.workflows.id.StepAttempt;

/**
 * Passes on what commands print while they run. Nothing it does can slow a step, or fail one: the file that a step's output
 * is written to is the source, and whoever passes it on reads it there, when and as fast as he can.
 */
public interface OutputPublisher {
    /** Passes nothing on. */
    OutputPublisher NONE = at -> new Feed() {
        @Override
        public void begin() {}

        @Override
        public void grown(long length) {}

        @Override
        public void ended() {}
    };

    /** The feed of an attempt. Nothing is passed on before it is told to. */
    Feed of(StepAttempt at);

    /** The output of one attempt. Every method returns at once, may be repeated, and throws nothing. */
    interface Feed {
        /** The command is about to be started. */
        void begin();

        /** The file has at least so many bytes. */
        void grown(long length);

        /** The file is as long as it will ever be. Means nothing for an attempt that never began or was passed on whole. */
        void ended();
    }
}
