/** The pipeline language: YAML in, a compiled pipeline or every mistake out. */
@NullMarked
package dev.airlock.workspace.pipeline;

import org.jspecify.annotations.NullMarked;
