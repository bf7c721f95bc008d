/** Connections to Temporal. */
@NullMarked
package dev.airlock.platform.temporal;

import org.jspecify.annotations.NullMarked;
