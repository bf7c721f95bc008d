/** What a worker tells of the runs and activities it works on. */
@NullMarked
package dev.airlock.worker.telemetry;

import org.jspecify.annotations.NullMarked;
