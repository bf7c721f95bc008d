/** What the program says about itself: help, and completion for shells. */
@NullMarked
package dev.airlock.cli.help;

import org.jspecify.annotations.NullMarked;
