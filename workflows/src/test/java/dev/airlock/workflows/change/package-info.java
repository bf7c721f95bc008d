@NullMarked
package dev.airlock.workflows.change;

import org.jspecify.annotations.NullMarked;
