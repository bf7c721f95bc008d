/** Tests of output records. */
@NullMarked
package dev.airlock.evidence.output;

import org.jspecify.annotations.NullMarked;
