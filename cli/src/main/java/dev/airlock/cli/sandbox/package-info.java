/** Interactive sandboxes. */
@NullMarked
package dev.airlock.cli.sandbox;

import org.jspecify.annotations.NullMarked;
