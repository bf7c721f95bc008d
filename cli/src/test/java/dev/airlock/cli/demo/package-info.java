/** Tests of the command. */
@NullMarked
package dev.airlock.cli.demo;

import org.jspecify.annotations.NullMarked;
