/** What an installation needs before it starts. */
@NullMarked
package dev.airlock.cli.setup;

import org.jspecify.annotations.NullMarked;
