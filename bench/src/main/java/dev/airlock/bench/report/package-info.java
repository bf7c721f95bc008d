/** The table: as text, as JSON and in the docs. */
@NullMarked
package dev.airlock.bench.report;

import org.jspecify.annotations.NullMarked;
