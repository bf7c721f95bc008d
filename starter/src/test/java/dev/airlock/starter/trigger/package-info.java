@NullMarked
package dev.airlock.starter.trigger;

import org.jspecify.annotations.NullMarked;
