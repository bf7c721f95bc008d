package dev.airlock.activities.egress;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is written, within the step's budget. One thread writes. */
final class Counted extends OutputStream {
    private final OutputStream to;
    private final Budget budget;
    private final AtomicLong count = new AtomicLong();

    Counted(OutputStream to, Budget budget) {
        this.to = to;
        this.budget = budget;
    }

    long count() {
        return count.get();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        budget.bytes(length);
        to.write(from, offset, length);
        count.addAndGet(length);
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }
}
