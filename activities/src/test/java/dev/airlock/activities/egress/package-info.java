@NullMarked
package dev.airlock.activities.egress;

import org.jspecify.annotations.NullMarked;
