/** A run as a whole, in one artifact. */
@NullMarked
package dev.airlock.evidence.bundle;

import org.jspecify.annotations.NullMarked;
