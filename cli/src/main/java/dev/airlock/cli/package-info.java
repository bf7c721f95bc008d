/** The program {@code airlock}: its main class and the tree of its commands. */
@NullMarked
package dev.airlock.cli;

import org.jspecify.annotations.NullMarked;
