/** Writing records that others read. */
@NullMarked
package dev.airlock.activities.kafka;

import org.jspecify.annotations.NullMarked;
