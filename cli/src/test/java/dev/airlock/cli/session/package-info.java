/** Tests of what every command stands on. */
@NullMarked
package dev.airlock.cli.session;

import org.jspecify.annotations.NullMarked;
