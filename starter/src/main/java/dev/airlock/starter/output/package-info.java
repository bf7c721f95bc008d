/** The output of commands, while they run and afterwards. */
@NullMarked
package dev.airlock.starter.output;

import org.jspecify.annotations.NullMarked;
