/** One sandbox step against the bare tools. */
@NullMarked
package dev.airlock.bench.sandbox;

import org.jspecify.annotations.NullMarked;
