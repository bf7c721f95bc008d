/** How a change becomes a run. */
@NullMarked
package dev.airlock.starter.push;

import org.jspecify.annotations.NullMarked;
