package dev.airlock.evidence.checkpoint;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is where in a checkpoint's state. */
final class CheckpointFiles {
    static final String KEY = "audit/key";

    private static final Pattern CHECKPOINT = Pattern.compile("audit/(0|[1-9][0-9]{0,5})/checkpoint");

    private CheckpointFiles() {}

    static String checkpoint(int partition) {
        return "audit/" + partition + "/checkpoint";
    }

    static String edge(int partition) {
        return "audit/" + partition + "/edge";
    }

    static String heads(int partition) {
        return "audit/" + partition + "/heads";
    }

    /** The partition whose checkpoint a path is. */
    static Optional<Integer> partition(String path) {
        Matcher matcher = CHECKPOINT.matcher(path);
        return matcher.matches() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }
}
