package dev.airlock.starter.output;

import java.io.IOException;

/** Takes output as it comes, in order and without gaps. */
@FunctionalInterface
public interface OutputSink {
    void accept(OutputChunk chunk) throws IOException;
}
