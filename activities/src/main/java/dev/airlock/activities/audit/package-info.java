/** Writes audit events to Kafka. */
@NullMarked
package dev.airlock.activities.audit;

import org.jspecify.annotations.NullMarked;
