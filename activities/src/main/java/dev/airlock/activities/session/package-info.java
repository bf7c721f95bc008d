/** What interactive sandboxes need of their host. */
@NullMarked
package dev.airlock.activities.session;

import org.jspecify.annotations.NullMarked;
