package dev.airlock.starter.temporal;

import dev.airlock.workflows.change.SearchAttributeKeys;
import org.jspecify.annotations.Nullable;

/** Queries in Temporal's list filter language. */
final class VisibilityQuery {
    private VisibilityQuery() {}

    /** All changes, of one state and one workspace if they are given. */
    static String changes(@Nullable String state, @Nullable String workspace) {
        StringBuilder query = new StringBuilder("WorkflowType = 'ChangeWorkflow'");
        if (state != null) {
            query.append(" AND " + SearchAttributeKeys.STATE.getName() + " = ").append(quoted(state));
        }
        if (workspace != null) {
            query.append(" AND " + SearchAttributeKeys.WORKSPACE.getName() + " = ")
                    .append(quoted(workspace));
        }
        return query.toString();
    }

    /** The open changes of a workspace. */
    static String open(String workspace) {
        return changes(null, workspace) + " AND ExecutionStatus = 'Running'";
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
