/** What left the sandboxes of a run, and what was not let out. */
@NullMarked
package dev.airlock.evidence.egress;

import org.jspecify.annotations.NullMarked;
