/** Conditions in CEL, the Common Expression Language. */
@NullMarked
package dev.airlock.workspace.condition;

import org.jspecify.annotations.NullMarked;
