/** A change and its run: identities, the workflow that carries it, and what others see of it. */
@NullMarked
package dev.airlock.workflows.change;

import org.jspecify.annotations.NullMarked;
