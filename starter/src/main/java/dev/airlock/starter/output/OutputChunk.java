package dev.airlock.starter.output;

/**
 * A piece of the one stream that a command's stdout and stderr make.
 *
 * @param offset of the first byte of {@code data} in the attempt's stream
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never kept
public record OutputChunk(String step, int attempt, long offset, byte[] data) {}
