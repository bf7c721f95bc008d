/** Validators and what they find. */
@NullMarked
package dev.airlock.workflows.validate;

import org.jspecify.annotations.NullMarked;
