/** The client of runs against a real Temporal server and a real git workspace; what runs commands is scripted. */
@NullMarked
package dev.airlock.starter;

import org.jspecify.annotations.NullMarked;
