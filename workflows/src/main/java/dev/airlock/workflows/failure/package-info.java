/** Every way in which an activity can fail to find out. */
@NullMarked
package dev.airlock.workflows.failure;

import org.jspecify.annotations.NullMarked;
