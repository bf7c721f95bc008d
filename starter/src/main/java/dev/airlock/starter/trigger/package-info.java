/** Starts runs by records on Kafka, and keeps what could not be taken. */
@NullMarked
package dev.airlock.starter.trigger;

import org.jspecify.annotations.NullMarked;
