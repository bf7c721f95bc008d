/** The audit trail as the workflow sees it: plain events in, a chain head out. */
@NullMarked
package dev.airlock.workflows.audit;

import org.jspecify.annotations.NullMarked;
