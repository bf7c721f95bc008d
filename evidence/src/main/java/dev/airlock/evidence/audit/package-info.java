/** The audit trail: how an event is written, how a run's events are chained, read and verified. */
@NullMarked
package dev.airlock.evidence.audit;

import org.jspecify.annotations.NullMarked;
