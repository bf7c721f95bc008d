/** What a reviewer looks at. */
@NullMarked
package dev.airlock.starter.review;

import org.jspecify.annotations.NullMarked;
