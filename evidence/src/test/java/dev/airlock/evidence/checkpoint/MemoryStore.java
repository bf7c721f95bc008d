package dev.airlock.evidence.checkpoint;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** States in memory; they can be tampered with. */
final class MemoryStore implements CheckpointStore {
    final List<Map<String, byte[]>> states = new ArrayList<>();
    final List<String> names = new ArrayList<>();
    Runnable beforeAppend = () -> {};
    private int made;

    @Override
    public Optional<String> tip() {
        return names.isEmpty() ? Optional.empty() : Optional.of(names.getLast());
    }

    @Override
    public Optional<byte[]> read(String commit, String path) {
        return Optional.ofNullable(states.get(names.indexOf(commit)).get(path));
    }

    @Override
    public void history(Visitor visitor) {
        for (int i = 0; i < states.size(); i++) {
            Map<String, byte[]> before = i == 0 ? Map.of() : states.get(i - 1);
            Map<String, byte[]> changed = new HashMap<>();
            states.get(i).forEach((path, bytes) -> {
                if (!Arrays.equals(before.get(path), bytes)) {
                    changed.put(path, bytes);
                }
            });
            visitor.visit(names.get(i), changed);
        }
    }

    @Override
    public Optional<String> append(@Nullable String parent, Map<String, byte[]> files, Instant time, String message) {
        Runnable now = beforeAppend;
        beforeAppend = () -> {};
        now.run();
        if (!tip().equals(Optional.ofNullable(parent))) {
            return Optional.empty();
        }
        Map<String, byte[]> state = new HashMap<>(states.isEmpty() ? Map.of() : states.getLast());
        state.putAll(files);
        return Optional.of(add(state));
    }

    String add(Map<String, byte[]> state) {
        states.add(state);
        names.add("commit-" + ++made);
        return names.getLast();
    }
}
