package dev.airlock.starter.trigger;

import dev.airlock.starter.push.PushRequest;
import dev.airlock.workflows.id.Principal;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param branch the branch that the change is for; absent means the live one
 */
record ChangeRequested(
        String workspace,
        @Nullable String branch,
        @Nullable String pipeline,
        PushRequest.Content content,
        Principal author,
        @Nullable String description) {}
