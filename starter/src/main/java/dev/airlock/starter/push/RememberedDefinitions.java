package dev.airlock.starter.push;

import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a commit says never changes, so that one who starts many runs need not compile it each time. Remembers the last few; safe for
 * many threads.
 */
public final class RememberedDefinitions implements Definitions {
    private static final int REMEMBERED = 64;

    private final Definitions definitions;
    private final Map<Key, ChangeRequest.Definition> known = new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ChangeRequest.Definition> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Key(
            String workspace, CommitId base, @Nullable String pipeline) {}

    public RememberedDefinitions(Definitions definitions) {
        this.definitions = definitions;
    }

    @Override
    public ChangeRequest.Definition read(WorkspaceRepository repository, CommitId base, @Nullable String pipeline)
            throws IOException {
        Key key = new Key(repository.name(), base, pipeline);
        synchronized (known) {
            ChangeRequest.Definition found = known.get(key);
            if (found != null) {
                return found;
            }
        }
        ChangeRequest.Definition read = definitions.read(repository, base, pipeline);
        synchronized (known) {
            known.put(key, read);
        }
        return read;
    }
}
