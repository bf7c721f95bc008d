/** Commands about pipeline files. */
@NullMarked
package dev.airlock.cli.pipeline;

import org.jspecify.annotations.NullMarked;
