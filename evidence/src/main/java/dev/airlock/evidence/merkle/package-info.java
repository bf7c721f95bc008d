/** Merkle trees (RFC 6962) and signed notes (C2SP): what transparency logs are made of. */
@NullMarked
package dev.airlock.evidence.merkle;

import org.jspecify.annotations.NullMarked;
