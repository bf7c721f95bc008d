/** Places where tests kill the process. */
@NullMarked
package dev.airlock.platform.failpoint;

import org.jspecify.annotations.NullMarked;
