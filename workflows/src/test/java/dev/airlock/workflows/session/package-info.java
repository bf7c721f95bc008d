@NullMarked
package dev.airlock.workflows.session;

import org.jspecify.annotations.NullMarked;
