/** The whole product, by its own commands, on real servers. */
@NullMarked
package dev.airlock.system;

import org.jspecify.annotations.NullMarked;
