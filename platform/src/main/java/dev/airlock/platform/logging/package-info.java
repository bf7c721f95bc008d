/** Logs go to files, never to the terminal. */
@NullMarked
package dev.airlock.platform.logging;

import org.jspecify.annotations.NullMarked;
