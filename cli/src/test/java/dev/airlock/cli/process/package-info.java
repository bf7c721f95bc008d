/** Tests. */
@NullMarked
package dev.airlock.cli.process;

import org.jspecify.annotations.NullMarked;
