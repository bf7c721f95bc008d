@NullMarked
package dev.airlock.cli.audit;

import org.jspecify.annotations.NullMarked;
