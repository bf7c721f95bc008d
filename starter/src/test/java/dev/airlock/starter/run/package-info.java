/** Tests of what can be seen of runs. */
@NullMarked
package dev.airlock.starter.run;

import org.jspecify.annotations.NullMarked;
