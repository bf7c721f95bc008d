package dev.airlock.starter.output;

import dev.airlock.starter.run.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices that whoever follows waits in vain: something has ended, and for a while after that was known nothing has come.
 * Output may be late, be it because Kafka was away or the worker is being started again; so it asks once more before it says so.
 */
final class Silence {
    private final RunCourse course;
    private final Duration longest;
    private Deadline asks;
    private @Nullable String over;

    Silence(RunCourse course, Duration longest) {
        this.course = course;
        this.longest = longest;
        this.asks = Deadline.in(longest);
    }

    /** Something came. */
    void broken() {
        over = null;
        asks = Deadline.in(longest);
    }

    /** Why nothing more comes, once that is certain enough. */
    Optional<String> inVain(OutputRequest request) {
        if (!asks.over()) {
            return Optional.empty();
        }
        String before = over;
        over = course.over(request).orElse(null);
        asks = Deadline.in(longest);
        return before == null ? Optional.empty() : Optional.ofNullable(over);
    }
}
