/** The sandbox image that every machine has. */
@NullMarked
package dev.airlock.dev.image;

import org.jspecify.annotations.NullMarked;
