/** Tests of passing output on. */
@NullMarked
package dev.airlock.activities.output;

import org.jspecify.annotations.NullMarked;
