/** Bytes that are no source (logs, reports, outputs), kept and found by their SHA-256. */
@NullMarked
package dev.airlock.evidence.artifact;

import org.jspecify.annotations.NullMarked;
