@NullMarked
package dev.airlock.activities.sandbox.init;

import org.jspecify.annotations.NullMarked;
