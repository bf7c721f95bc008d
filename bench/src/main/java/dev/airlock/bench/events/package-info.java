/** What events cost: those that are told, and those that start runs. */
@NullMarked
package dev.airlock.bench.events;

import org.jspecify.annotations.NullMarked;
