/** What every measurement needs. */
@NullMarked
package dev.airlock.bench.lab;

import org.jspecify.annotations.NullMarked;
