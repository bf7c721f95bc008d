package dev.airlock.workflows.change;

import io.temporal.common.SearchAttributeKey;
import java.util.List;

/** What runs are found by (CONTRACT §6), all of type Keyword. */
public final class SearchAttributeKeys {
    public static final SearchAttributeKey<String> WORKSPACE = SearchAttributeKey.forKeyword("AirlockWorkspace");
    public static final SearchAttributeKey<String> STATE = SearchAttributeKey.forKeyword("AirlockState");
    public static final SearchAttributeKey<String> AUTHOR = SearchAttributeKey.forKeyword("AirlockAuthor");
    public static final SearchAttributeKey<String> PIPELINE = SearchAttributeKey.forKeyword("AirlockPipeline");
    public static final SearchAttributeKey<String> OUTCOME = SearchAttributeKey.forKeyword("AirlockOutcome");

    /** All of them, for whoever registers them. */
    public static final List<SearchAttributeKey<String>> ALL = List.of(WORKSPACE, STATE, AUTHOR, PIPELINE, OUTCOME);

    private SearchAttributeKeys() {}
}
