/** Events that steps wait for and that steps send. */
@NullMarked
package dev.airlock.workflows.event;

import org.jspecify.annotations.NullMarked;
