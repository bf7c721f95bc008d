/** Interactive sandboxes: the workflow that owns one, and what it asks of the world. */
@NullMarked
package dev.airlock.workflows.session;

import org.jspecify.annotations.NullMarked;
