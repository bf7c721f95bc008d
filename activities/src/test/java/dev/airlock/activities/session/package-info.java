@NullMarked
package dev.airlock.activities.session;

import org.jspecify.annotations.NullMarked;
