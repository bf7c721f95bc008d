/** Whole runs against raw workflows. */
@NullMarked
package dev.airlock.bench.runs;

import org.jspecify.annotations.NullMarked;
