/** The commands as a shell sees them: words in, two streams and an exit code out. */
@NullMarked
package dev.airlock.cli;

import org.jspecify.annotations.NullMarked;
