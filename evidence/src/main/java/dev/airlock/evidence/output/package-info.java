/** What a step's command prints, as records of the output topic. */
@NullMarked
package dev.airlock.evidence.output;

import org.jspecify.annotations.NullMarked;
