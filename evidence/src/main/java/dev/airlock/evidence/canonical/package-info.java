/** The one form in which JSON is hashed. */
@NullMarked
package dev.airlock.evidence.canonical;

import org.jspecify.annotations.NullMarked;
