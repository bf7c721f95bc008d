@NullMarked
package dev.airlock.worker;

import org.jspecify.annotations.NullMarked;
