/** Connections to Kafka, and the topics. */
@NullMarked
package dev.airlock.platform.kafka;

import org.jspecify.annotations.NullMarked;
