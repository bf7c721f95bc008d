@NullMarked
package dev.airlock.starter.cloudevent;

import org.jspecify.annotations.NullMarked;
