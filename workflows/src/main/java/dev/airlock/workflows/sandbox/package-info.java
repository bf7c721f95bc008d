/** Commands in sandboxes: the job, its result, and how a job is found again after its worker died. */
@NullMarked
package dev.airlock.workflows.sandbox;

import org.jspecify.annotations.NullMarked;
