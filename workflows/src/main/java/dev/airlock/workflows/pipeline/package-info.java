/** A compiled pipeline: what the interpreter reads. The YAML language that makes it lives in the workspace module. */
@NullMarked
package dev.airlock.workflows.pipeline;

import org.jspecify.annotations.NullMarked;
