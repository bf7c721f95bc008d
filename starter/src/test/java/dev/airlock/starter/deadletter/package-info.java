@NullMarked
package dev.airlock.starter.deadletter;

import org.jspecify.annotations.NullMarked;
