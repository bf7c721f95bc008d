/** What became of requests that could not be taken. */
@NullMarked
package dev.airlock.cli.dlq;

import org.jspecify.annotations.NullMarked;
