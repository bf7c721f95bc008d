/** The guarded repositories: what goes in, what is compared, and the one way a branch moves. */
@NullMarked
package dev.airlock.workspace.git;

import org.jspecify.annotations.NullMarked;
