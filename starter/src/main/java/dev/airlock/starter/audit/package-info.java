/** What a process puts on the audit trail of its own: refusals, changed settings, checkpoints. */
@NullMarked
package dev.airlock.starter.audit;

import org.jspecify.annotations.NullMarked;
