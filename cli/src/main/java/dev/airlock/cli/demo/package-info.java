/** The whole story in one command: everything started, shown and removed again. */
@NullMarked
package dev.airlock.cli.demo;

import org.jspecify.annotations.NullMarked;
