/** The Temporal dev server as a child process. */
@NullMarked
package dev.airlock.dev.temporal;

import org.jspecify.annotations.NullMarked;
