/** Everything on one machine: the servers that production has elsewhere, embedded. */
@NullMarked
package dev.airlock.dev;

import org.jspecify.annotations.NullMarked;
