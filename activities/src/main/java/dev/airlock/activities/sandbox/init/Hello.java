package dev.airlock.activities.sandbox.init;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What an init says of itself.
 *
 * @param epoch the highest that it has seen
 * @param boot id of the kernel's boot
 * @param lease absent while it is free
 */
public record Hello(
        int protocol,
        String version,
        boolean filter,
        int epoch,
        String boot,
        @Nullable Lease lease) {

    /**
     * The one lease of its life.
     *
     * @param digest lower-case hex
     * @param remainingMillis until the deadline; negative in the grace
     */
    public record Lease(String token, String digest, long remainingMillis) {}

    static Hello read(ByteBuffer in) {
        int protocol = Fields.u16(in);
        String version = Fields.str8(in);
        boolean leased = Fields.u8(in) != 0;
        boolean filter = (Fields.u8(in) & 2) != 0;
        int epoch = in.getInt();
        String boot = Fields.str8(in);
        in.getInt();
        String token = Fields.str8(in);
        String digest = HexFormat.of().formatHex(Fields.raw(in, 32));
        Lease lease = leased ? new Lease(token, digest, in.getLong()) : null;
        return new Hello(protocol, version, filter, epoch, boot, lease);
    }
}
