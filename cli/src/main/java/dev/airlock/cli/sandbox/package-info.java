/** Sandboxes of this machine, by hand. */
@NullMarked
package dev.airlock.cli.sandbox;

import org.jspecify.annotations.NullMarked;
