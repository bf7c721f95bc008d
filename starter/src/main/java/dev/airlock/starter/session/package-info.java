/** Interactive sandboxes for programs: start one, run commands in it, move files, end it. */
@NullMarked
package dev.airlock.starter.session;

import org.jspecify.annotations.NullMarked;
