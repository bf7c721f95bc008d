/** Commands about runs. */
@NullMarked
package dev.airlock.cli.run;

import org.jspecify.annotations.NullMarked;
