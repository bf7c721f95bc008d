/** What the numbers were taken on. */
@NullMarked
package dev.airlock.bench.machine;

import org.jspecify.annotations.NullMarked;
