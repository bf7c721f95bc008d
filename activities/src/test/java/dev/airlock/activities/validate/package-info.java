@NullMarked
package dev.airlock.activities.validate;

import org.jspecify.annotations.NullMarked;
