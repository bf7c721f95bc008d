/** Runs as Temporal keeps them: the only place of this module that speaks to its server. */
@NullMarked
package dev.airlock.starter.temporal;

import org.jspecify.annotations.NullMarked;
