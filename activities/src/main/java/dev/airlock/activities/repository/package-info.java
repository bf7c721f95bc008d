/** How activities reach guarded repositories. */
@NullMarked
package dev.airlock.activities.repository;

import org.jspecify.annotations.NullMarked;
