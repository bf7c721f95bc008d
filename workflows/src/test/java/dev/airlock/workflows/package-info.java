@NullMarked
package dev.airlock.workflows;

import org.jspecify.annotations.NullMarked;
