/** Evidence, the decisions bound to it, and the check before a decision counts. */
@NullMarked
package dev.airlock.workflows.review;

import org.jspecify.annotations.NullMarked;
