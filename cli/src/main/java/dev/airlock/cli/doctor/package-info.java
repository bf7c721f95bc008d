/** Says whether this machine, and the servers that are named, will do. */
@NullMarked
package dev.airlock.cli.doctor;

import org.jspecify.annotations.NullMarked;
