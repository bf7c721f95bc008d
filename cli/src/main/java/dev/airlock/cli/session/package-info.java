/** What every command stands on: global options, where answers go, and what it may ask. */
@NullMarked
package dev.airlock.cli.session;

import org.jspecify.annotations.NullMarked;
