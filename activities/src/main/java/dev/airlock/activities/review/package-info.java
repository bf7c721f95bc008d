/** Sealing evidence, and comparing it with what is there before a decision counts. */
@NullMarked
package dev.airlock.activities.review;

import org.jspecify.annotations.NullMarked;
