/** The process that runs workflows and activities: its wiring. */
@NullMarked
package dev.airlock.worker;

import org.jspecify.annotations.NullMarked;
