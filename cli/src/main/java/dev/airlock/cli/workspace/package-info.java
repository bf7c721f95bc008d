/** Commands about workspaces. */
@NullMarked
package dev.airlock.cli.workspace;

import org.jspecify.annotations.NullMarked;
