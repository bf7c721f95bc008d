/** A Kafka cluster to break: three brokers, a network that loses answers, and a look at what they kept. */
@NullMarked
package dev.airlock.system.kafka;

import org.jspecify.annotations.NullMarked;
