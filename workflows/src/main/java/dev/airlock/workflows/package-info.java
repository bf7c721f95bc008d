/** The contract between the parts, and the deterministic code. A code-first user depends on this module alone. */
@NullMarked
package dev.airlock.workflows;

import org.jspecify.annotations.NullMarked;
