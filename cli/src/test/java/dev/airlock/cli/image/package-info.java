/** Tests of the command. */
@NullMarked
package dev.airlock.cli.image;

import org.jspecify.annotations.NullMarked;
