/** Signed checkpoints of the audit topic, kept outside it: what shows that the end, or a whole run, is absent. */
@NullMarked
package dev.airlock.evidence.checkpoint;

import org.jspecify.annotations.NullMarked;
