package dev.airlock.evidence.egress;

import dev.airlock.workflows.validate.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sandboxes of a run asked for on the network, with the answers: the artifact that {@code egress} of the evidence names. Holds no
 * content, no query and no secret. Bounded; what did not fit is counted.
 *
 * @param entries in the order in which they were first met, those of earlier steps and attempts first
 * @param more requests that are not among the entries, since there were too many kinds of them
 */
public record EgressDocument(String schema, List<Entry> entries, long more) {
    public static final String SCHEMA = "airlock/egress/v1";
    /** The most entries of one attempt. */
    public static final int MOST_OF_ATTEMPT = 200;
    /** The most entries of all. */
    public static final int MOST = 2000;

    public EgressDocument {
        entries = List.copyOf(entries);
    }

    /** What became of a request. */
    public enum Verdict {
        ALLOWED,
        /** It was not let out: a finding. */
        BLOCKED,
        /** It was allowed, and nobody answered. */
        FAILED
    }

    /**
     * Requests that are alike.
     *
     * @param host what was named, if the request could not be understood; empty when it went past the proxy
     * @param port 0 when there is none
     * @param reason why it was blocked or failed; a name that stays and is for programs
     * @param command that asked, as the sandbox tells it: evidence that may be forged
     * @param sent bytes out of the sandbox
     */
    public record Entry(
            String step,
            int attempt,
            Verdict verdict,
            String host,
            int port,
            String method,
            @Nullable String reason,
            String command,
            long count,
            long sent,
            long received) {
        Finding finding() {
            String what = host.isEmpty() ? "a connection" : method + " " + host + (port == 0 ? "" : ":" + port);
            return new Finding(
                    "egress/blocked",
                    Finding.Severity.WARN,
                    null,
                    null,
                    step + "/" + attempt + ": " + what + " was blocked (" + reason + ")"
                            + (count == 1 ? "" : " " + count + " times") + "; asked by: " + command);
        }
    }

    /** Of all that was before and this. */
    public EgressDocument after(@Nullable EgressDocument before) {
        if (before == null) {
            return this;
        }
        List<Entry> all = new ArrayList<>(before.entries);
        all.addAll(entries);
        long dropped = all.stream().skip(MOST).mapToLong(Entry::count).sum();
        return new EgressDocument(SCHEMA, all.subList(0, Math.min(MOST, all.size())), before.more + more + dropped);
    }

    public long count(Verdict verdict) {
        return entries.stream()
                .filter(entry -> entry.verdict() == verdict)
                .mapToLong(Entry::count)
                .sum();
    }

    /** What a reviewer is to look at. */
    public List<Finding> findings() {
        return entries.stream()
                .filter(entry -> entry.verdict() == Verdict.BLOCKED)
                .sorted(Comparator.comparing(Entry::step).thenComparing(Entry::attempt))
                .map(Entry::finding)
                .toList();
    }
}
