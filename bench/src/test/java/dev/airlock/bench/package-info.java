/** Tests. */
@NullMarked
package dev.airlock.bench;

import org.jspecify.annotations.NullMarked;
