/** Commands that stay: the embedded servers and the worker. */
@NullMarked
package dev.airlock.cli.process;

import org.jspecify.annotations.NullMarked;
