/** Tests of the output of commands. */
@NullMarked
package dev.airlock.starter.output;

import org.jspecify.annotations.NullMarked;
