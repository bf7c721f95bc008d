@NullMarked
package dev.airlock.activities.hostile;

import org.jspecify.annotations.NullMarked;
