@NullMarked
package dev.airlock.activities.sandbox;

import org.jspecify.annotations.NullMarked;
