package dev.airlock.worker.telemetry;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.interceptors.Header;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries a traceparent from a workflow to its activities. */
final class TraceHeader {
    private static final String NAME = "traceparent";
    private static final int LONGEST = 64;
    private static final ByteString PLAIN = ByteString.copyFromUtf8("binary/plain");

    private TraceHeader() {}

    /** The header with the traceparent in it. */
    static Header with(Header header, @Nullable String traceparent) {
        if (traceparent == null) {
            return header;
        }
        Map<String, Payload> values = new HashMap<>(header.getValues());
        values.put(
                NAME,
                Payload.newBuilder()
                        .putMetadata("encoding", PLAIN)
                        .setData(ByteString.copyFromUtf8(traceparent))
                        .build());
        return new Header(values);
    }

    /** What the header holds, if anything. */
    static @Nullable String in(@Nullable Header header) {
        Payload value = header == null ? null : header.getValues().get(NAME);
        return value == null || value.getData().size() > LONGEST
                ? null
                : value.getData().toStringUtf8();
    }
}
