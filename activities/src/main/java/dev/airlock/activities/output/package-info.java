/** What commands print, on its way to who watches. */
@NullMarked
package dev.airlock.activities.output;

import org.jspecify.annotations.NullMarked;
