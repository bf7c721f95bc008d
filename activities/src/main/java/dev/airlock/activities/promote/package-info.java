/** Preparing the promoted commit and moving the branch to it. */
@NullMarked
package dev.airlock.activities.promote;

import org.jspecify.annotations.NullMarked;
