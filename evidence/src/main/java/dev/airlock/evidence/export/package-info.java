/** Trails in files: written so that they can be verified anywhere, and verified from there. */
@NullMarked
package dev.airlock.evidence.export;

import org.jspecify.annotations.NullMarked;
