/** Starts, idling and recovery, by the launcher. */
@NullMarked
package dev.airlock.bench.processes;

import org.jspecify.annotations.NullMarked;
