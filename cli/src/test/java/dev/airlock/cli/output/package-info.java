/** Tests of live output, from the file of a command to who reads it elsewhere. */
@NullMarked
package dev.airlock.cli.output;

import org.jspecify.annotations.NullMarked;
