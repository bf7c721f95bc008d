/** Runs that Temporal ended without their say: their trail is closed, and whoever waits for them is told. */
@NullMarked
package dev.airlock.starter.abandoned;

import org.jspecify.annotations.NullMarked;
