/** Identities: of runs, content, people and step attempts, and the names derived from them. */
@NullMarked
package dev.airlock.workflows.id;

import org.jspecify.annotations.NullMarked;
