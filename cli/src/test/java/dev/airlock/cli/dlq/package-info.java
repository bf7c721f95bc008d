/** Tests of the command. */
@NullMarked
package dev.airlock.cli.dlq;

import org.jspecify.annotations.NullMarked;
