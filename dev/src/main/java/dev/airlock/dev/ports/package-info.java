/** Ports that a state directory keeps over restarts. */
@NullMarked
package dev.airlock.dev.ports;

import org.jspecify.annotations.NullMarked;
