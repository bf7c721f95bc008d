@NullMarked
package dev.airlock.starter.audit;

import org.jspecify.annotations.NullMarked;
