/** The hostile suite: programs that mean harm, run against a sandbox engine, and what must be seen from outside. */
@NullMarked
package dev.airlock.activities.hostile;

import org.jspecify.annotations.NullMarked;
