/** What a part of the server process is, and what it is given. */
@NullMarked
package dev.airlock.starter.service;

import org.jspecify.annotations.NullMarked;
