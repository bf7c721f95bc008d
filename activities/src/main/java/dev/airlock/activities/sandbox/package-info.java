/** Sandboxes: the port, the docker engine behind it, and the activity that runs one command in one sandbox. */
@NullMarked
package dev.airlock.activities.sandbox;

import org.jspecify.annotations.NullMarked;
