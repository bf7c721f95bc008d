package dev.airlock.starter.output;

import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.evidence.output.OutputRecord.End;
import dev.airlock.evidence.output.OutputRecord.Piece;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.StepAttempt;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Makes one attempt's stream out of records that may be repeated, cut in other places, or stand behind a gap that is filled
 * later: of each it hands on only what lies right behind the bytes that were handed on before.
 */
final class AttemptStream {
    private final StepAttempt at;
    private long next;
    private long length = -1;
    private long beyond = -1;

    /** @param offset first byte that is wanted */
    AttemptStream(StepAttempt at, long offset) {
        this.at = at;
        this.next = offset;
    }

    StepAttempt at() {
        return at;
    }

    /** Offset of the first byte that was not handed on. */
    long next() {
        return next;
    }

    /** @return whether anything was handed on */
    boolean take(List<LiveOutput.Placed> records, OutputSink sink) throws IOException {
        long before = next;
        for (LiveOutput.Placed placed : records) {
            if (placed.record().at().equals(at)) {
                take(placed.record(), sink);
            }
        }
        return next > before;
    }

    private void take(OutputRecord record, OutputSink sink) throws IOException {
        switch (record) {
            case End end -> length = end.length();
            case Piece piece -> {
                if (piece.offset() > next) {
                    beyond = beyond < 0 ? piece.offset() : Math.min(beyond, piece.offset());
                } else if (piece.end() > next) {
                    byte[] data = piece.data();
                    int known = (int) (next - piece.offset());
                    sink.accept(new OutputChunk(
                            at.step(),
                            at.attempt(),
                            next,
                            known == 0 ? data : Arrays.copyOfRange(data, known, data.length)));
                    next = piece.end();
                }
            }
        }
    }

    /** Whether all there will be was handed on. */
    boolean isWhole() {
        return length >= 0 && next >= length;
    }

    /** Whether the end has come and something before it has not. */
    boolean isCut() {
        return length >= 0 && next < length;
    }

    /** @throws AirlockException {@code NOT_FOUND} when there is more, but not what comes next */
    void requireNoGap() {
        if (!isCut() && beyond <= next) {
            return;
        }
        String what =
                "the output topic has forgotten bytes of " + at.run() + " " + at.label() + " from " + next + " on";
        throw new AirlockException(
                ErrorCode.NOT_FOUND,
                what,
                at.run().value(),
                beyond > next
                        ? "it has them again from --offset " + beyond + " on"
                        : "once the attempt has ended, `airlock logs` on its state directory shows them all");
    }
}
