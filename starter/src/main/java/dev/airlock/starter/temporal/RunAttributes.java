package dev.airlock.starter.temporal;

import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.SearchAttributeKeys;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run carries on its outside: search attributes (CONTRACT §6) and a memo of what it is for. */
final class RunAttributes {
    private static final String TARGET = "airlock.target";

    private RunAttributes() {}

    static io.temporal.common.SearchAttributes search(ChangeRequest request) {
        return io.temporal.common.SearchAttributes.newBuilder()
                .set(SearchAttributeKeys.WORKSPACE, request.target().workspace())
                .set(SearchAttributeKeys.STATE, RunState.RUNNING.name())
                .set(SearchAttributeKeys.AUTHOR, request.origin().author().value())
                .set(
                        SearchAttributeKeys.PIPELINE,
                        request.definition().pipeline().name())
                .build();
    }

    static Map<String, Object> memo(ChangeRequest request) {
        return Map.of(TARGET, request.target());
    }

    static RunInfo.Labels labels(SearchAttributes attributes) {
        return new RunInfo.Labels(
                text(attributes, SearchAttributeKeys.WORKSPACE),
                text(attributes, SearchAttributeKeys.STATE),
                text(attributes, SearchAttributeKeys.AUTHOR),
                text(attributes, SearchAttributeKeys.PIPELINE),
                text(attributes, SearchAttributeKeys.OUTCOME));
    }

    static ChangeRequest.@Nullable Target target(Memo memo, DataConverter converter) {
        Payload payload = memo.getFieldsMap().get(TARGET);
        return payload == null
                ? null
                : converter.fromPayload(payload, ChangeRequest.Target.class, ChangeRequest.Target.class);
    }

    private static @Nullable String text(SearchAttributes attributes, SearchAttributeKey<String> key) {
        Payload payload = attributes.getIndexedFieldsMap().get(key.getName());
        return payload == null
                ? null
                : DefaultDataConverter.STANDARD_INSTANCE.fromPayload(payload, String.class, String.class);
    }
}
