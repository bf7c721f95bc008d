/** Looks at what a candidate changes, without running it: paths, sizes, secrets. Everything it reads is hostile. */
@NullMarked
package dev.airlock.activities.validate;

import org.jspecify.annotations.NullMarked;
