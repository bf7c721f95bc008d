/** Settings: default, file, environment, flag; every problem at once. */
@NullMarked
package dev.airlock.platform.settings;

import org.jspecify.annotations.NullMarked;
