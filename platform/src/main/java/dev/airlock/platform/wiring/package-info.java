/** Guice, strict. */
@NullMarked
package dev.airlock.platform.wiring;

import org.jspecify.annotations.NullMarked;
