/** The state directory: what lies where, who serves on it, which processes belong to it. */
@NullMarked
package dev.airlock.platform.state;

import org.jspecify.annotations.NullMarked;
