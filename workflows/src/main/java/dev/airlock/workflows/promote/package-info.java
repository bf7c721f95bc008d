/** Preparing a commit and moving the branch to it. */
@NullMarked
package dev.airlock.workflows.promote;

import org.jspecify.annotations.NullMarked;
