/** Runs as they go on: redrawn on a terminal, lines in a pipe, objects for programs. */
@NullMarked
package dev.airlock.cli.follow;

import org.jspecify.annotations.NullMarked;
