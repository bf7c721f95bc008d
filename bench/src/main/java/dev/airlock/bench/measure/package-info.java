/** Numbers: samples, blocks, and two sides in turn. */
@NullMarked
package dev.airlock.bench.measure;

import org.jspecify.annotations.NullMarked;
