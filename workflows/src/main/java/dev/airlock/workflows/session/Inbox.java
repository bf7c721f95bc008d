package dev.airlock.workflows.session;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Calls that wait for the loop. */
final class Inbox {
    /** Temporal itself lets ten updates be on their way. */
    static final int MOST_JOBS = 8;

    private final Deque<Message.Job> jobs = new ArrayDeque<>();
    private final Deque<Message.Change> changes = new ArrayDeque<>();

    void deliver(Message message) {
        switch (message) {
            case Message.Job job -> jobs.add(job);
            case Message.Change change -> changes.add(change);
        }
    }

    boolean isFull() {
        return jobs.size() >= MOST_JOBS;
    }

    boolean hasJobs() {
        return !jobs.isEmpty();
    }

    boolean hasChanges() {
        return !changes.isEmpty();
    }

    Message.@Nullable Job nextJob() {
        return jobs.poll();
    }

    Message.@Nullable Change nextChange() {
        return changes.poll();
    }

    /** A job that was not begun, if the call of that id is one. */
    Message.@Nullable Job withdraw(String id) {
        for (Message.Job job : jobs) {
            if (job.call().id().equals(id)) {
                jobs.remove(job);
                return job;
            }
        }
        return null;
    }

    void refuseJobs(Refused why) {
        while (!jobs.isEmpty()) {
            jobs.remove().refuse(why);
        }
    }
}
