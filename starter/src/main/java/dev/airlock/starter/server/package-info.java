/** The process that others talk to: takes requests from Kafka, and serves what else has no run. */
@NullMarked
package dev.airlock.starter.server;

import org.jspecify.annotations.NullMarked;
