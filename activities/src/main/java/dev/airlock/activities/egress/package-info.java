/**
 * What leaves a sandbox: the worker's end of its loopback proxy. Names are resolved, addresses checked and secrets added here, outside
 * the sandbox, and everything that was allowed or blocked is written down with the command that asked.
 */
@NullMarked
package dev.airlock.activities.egress;

import org.jspecify.annotations.NullMarked;
