/** The one client of runs: what command line, trigger and web all stand on. */
@NullMarked
package dev.airlock.starter;

import org.jspecify.annotations.NullMarked;
