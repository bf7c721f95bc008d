/** Files that go into a sandbox and come out of it, as artifacts. */
@NullMarked
package dev.airlock.evidence.files;

import org.jspecify.annotations.NullMarked;
