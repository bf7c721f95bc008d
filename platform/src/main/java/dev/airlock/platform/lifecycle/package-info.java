/** Closing in reverse order. */
@NullMarked
package dev.airlock.platform.lifecycle;

import org.jspecify.annotations.NullMarked;
