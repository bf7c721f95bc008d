/** Tests of what the commands of interactive sandboxes answer. */
@NullMarked
package dev.airlock.cli.sandbox;

import org.jspecify.annotations.NullMarked;
