/** One Kafka broker in this machine's memory. */
@NullMarked
package dev.airlock.dev.kafka;

import org.jspecify.annotations.NullMarked;
