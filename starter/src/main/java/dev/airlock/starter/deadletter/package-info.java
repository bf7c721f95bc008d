/** Records that could not be taken: kept whole, and answered for. */
@NullMarked
package dev.airlock.starter.deadletter;

import org.jspecify.annotations.NullMarked;
