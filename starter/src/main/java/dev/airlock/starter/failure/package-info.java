/** How a client says no, and how it says that it could not find out. */
@NullMarked
package dev.airlock.starter.failure;

import org.jspecify.annotations.NullMarked;
