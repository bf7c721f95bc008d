/** The one exception that a person is meant to read. */
@NullMarked
package dev.airlock.platform.failure;

import org.jspecify.annotations.NullMarked;
