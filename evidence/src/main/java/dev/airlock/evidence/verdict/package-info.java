/** What others are told of a run: that it waits for a person, and how it ended. */
@NullMarked
package dev.airlock.evidence.verdict;

import org.jspecify.annotations.NullMarked;
