/** Traces and metrics: OpenTelemetry, off unless a setting says where to send them or who may ask for them. */
@NullMarked
package dev.airlock.platform.telemetry;

import org.jspecify.annotations.NullMarked;
