/** What people do to a run: decide, retry, cancel, extend. */
@NullMarked
package dev.airlock.starter.decision;

import org.jspecify.annotations.NullMarked;
