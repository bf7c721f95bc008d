/** What can be seen of runs: status, lists, waiting. */
@NullMarked
package dev.airlock.starter.run;

import org.jspecify.annotations.NullMarked;
