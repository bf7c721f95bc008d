/** Tests of the doctor. */
@NullMarked
package dev.airlock.cli.doctor;

import org.jspecify.annotations.NullMarked;
