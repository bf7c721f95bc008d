/** Commands about sandbox images. */
@NullMarked
package dev.airlock.cli.image;

import org.jspecify.annotations.NullMarked;
