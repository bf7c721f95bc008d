package dev.airlock.starter.output;

import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Where output can be watched while it is printed. */
public interface LiveOutput {
    /** Where nothing can be watched. */
    LiveOutput NONE = (run, since) -> new Feed() {
        @Override
        public List<Placed> poll(Duration wait) {
            LockSupport.parkNanos(wait.toNanos());
            return List.of();
        }

        @Override
        public boolean caughtUp() {
            return true;
        }

        @Override
        public void rewind(long place) {}

        @Override
        public void close() {}
    };

    /** @param since no record of interest is older; absent for all there are */
    Feed open(RunId run, @Nullable Instant since);

    /** A record at its place. */
    record Placed(long place, OutputRecord record) {}

    /**
     * A run's records in their order, as they come. An outage is sat out: meanwhile none come.
     *
     * <p>One thread at a time.
     */
    interface Feed extends AutoCloseable {
        /** The next ones; none when none came in time. */
        List<Placed> poll(Duration wait);

        /** Whether all was handed out that there was when the feed got through for the first time. */
        boolean caughtUp();

        /** Goes back to a record that was handed out. */
        void rewind(long place);

        @Override
        void close();
    }
}
