/** The client's side of the protocol that {@code sandbox-init} speaks (see {@code sandbox-init/PROTOCOL.md}). */
@NullMarked
package dev.airlock.activities.sandbox.init;

import org.jspecify.annotations.NullMarked;
