@NullMarked
package dev.airlock.starter.session;

import org.jspecify.annotations.NullMarked;
