/** Measures Airlock against the bare tools it stands on, both in one run. */
@NullMarked
package dev.airlock.bench;

import org.jspecify.annotations.NullMarked;
