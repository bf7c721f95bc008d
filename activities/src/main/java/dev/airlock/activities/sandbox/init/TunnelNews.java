package dev.airlock.activities.sandbox.init;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is new about a sandbox's tunnels.
 *
 * @param open how many there are, with those that are being closed
 * @param full no more are taken before one is closed
 * @param refusals how often the sandbox's kernel found no way to an address; empty when it was not asked or does not count
 */
public record TunnelNews(int open, boolean full, OptionalLong refusals, List<Item> items) {
    private static final int OPENED = 1;
    private static final int DATA = 2;
    private static final int ENDED = 3;
    private static final int ROOM = 4;
    private static final int BROKEN = 5;

    public TunnelNews {
        items = List.copyOf(items);
    }

    /** About one tunnel. */
    public sealed interface Item {
        int id();
    }

    /** A connection that this client did not know. */
    public record Opened(int id, Peer peer) implements Item {}

    /** Bytes from it. */
    public record Data(int id, long offset, ByteBuffer bytes) implements Item {}

    /** @param total bytes come from it, and no more */
    public record Ended(int id, long total) implements Item {}

    /** It takes bytes again. */
    public record Room(int id) implements Item {}

    /** Its peer is gone, or it is no tunnel of init's; everything it sent was told. */
    public record Broken(int id) implements Item {}

    /**
     * Who is at the other end, by what the sandbox says of itself: evidence that may be forged.
     *
     * @param token of the command that ran; empty when none did
     * @param pid inside; 0 when the process was not found
     * @param command its arguments, separated by blanks
     */
    public record Peer(String token, int pid, String name, String command) {}

    static TunnelNews read(ByteBuffer in) {
        int open = Fields.u16(in);
        boolean full = Fields.u8(in) == 1;
        boolean counted = Fields.u8(in) == 1;
        long refusals = in.getLong();
        List<Item> items = new ArrayList<>();
        while (in.hasRemaining()) {
            items.add(item(in));
        }
        return new TunnelNews(open, full, counted ? OptionalLong.of(refusals) : OptionalLong.empty(), items);
    }

    private static Item item(ByteBuffer in) {
        int kind = Fields.u8(in);
        int id = in.getInt();
        return switch (kind) {
            case OPENED -> new Opened(id, peer(in));
            case DATA -> {
                long offset = in.getLong();
                yield new Data(id, offset, ByteBuffer.wrap(Fields.raw(in, length(in))));
            }
            case ENDED -> new Ended(id, in.getLong());
            case ROOM -> {
                in.getInt();
                yield new Room(id);
            }
            case BROKEN -> new Broken(id);
            default -> throw new IllegalArgumentException("a tunnel's record of the unknown kind " + kind);
        };
    }

    private static int length(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a tunnel's record is longer than its frame");
        }
        return length;
    }

    private static Peer peer(ByteBuffer in) {
        String token = Fields.str8(in);
        int pid = in.getInt();
        String name = Fields.str8(in);
        String command = new String(Fields.bytes16(in), StandardCharsets.UTF_8).replace('\0', ' ');
        return new Peer(token, pid, name, command);
    }
}
