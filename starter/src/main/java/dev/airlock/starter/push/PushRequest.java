package dev.airlock.starter.push;

import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change to be carried through a pipeline.
 *
 * @param branch absent means the workspace's live branch
 * @param pipeline name of {@code .airlock/pipelines/NAME.yaml}; absent means {@code .airlock/pipeline.yaml}
 */
public record PushRequest(
        Origin origin,
        String workspace,
        @Nullable String branch,
        @Nullable String pipeline,
        Content content) {

    /** The same request, as a part of this trace. */
    public PushRequest within(@Nullable String traceparent) {
        return new PushRequest(
                new Origin(origin.author, origin.description, origin.source, origin.requestId, traceparent),
                workspace,
                branch,
                pipeline,
                content);
    }

    /**
     * Who asks.
     *
     * @param description one line for people; absent means one made from the content
     * @param source name of the way in, such as {@code airlock:cli}
     * @param requestId the same id from the same source is the same run
     * @param traceparent the caller's trace (W3C), absent when the request belongs to none
     */
    public record Origin(
            Principal author,
            @Nullable String description,
            String source,
            String requestId,
            @Nullable String traceparent) {

        /** A request that belongs to no trace. */
        public Origin(Principal author, @Nullable String description, String source, String requestId) {
            this(author, description, source, requestId, null);
        }
    }

    /**
     * One file of a change.
     *
     * @param content absent to remove the file
     */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    public record FileChange(String path, boolean executable, byte @Nullable [] content) {}

    /** What the change brings. */
    public sealed interface Content {
        /** The candidate itself: its tree becomes the directory's content. */
        record Directory(Path path) implements Content {}

        /** What an agent is to do. */
        record Task(String text) implements Content {}

        /**
         * Files.
         *
         * @param whole whether they are the candidate's whole tree; otherwise the base's other files stay
         */
        record Files(List<FileChange> changes, boolean whole) implements Content {
            public Files {
                changes = List.copyOf(changes);
            }
        }

        /**
         * Files in a tar that is kept as an artifact.
         *
         * @param whole as above
         */
        record Archive(Digest tar, boolean whole) implements Content {}

        /** A branch of the workspace, grown from the one that the change is for: its tip's tree is the candidate's. */
        record Branch(String name) implements Content {}
    }
}
