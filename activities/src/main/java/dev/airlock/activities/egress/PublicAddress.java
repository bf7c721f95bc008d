package dev.airlock.activities.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses are on the public internet. What is not certainly public is not: the special-purpose registries of IANA (RFC 6890 and
 * its successors), and every form in which IPv6 carries an IPv4 address is judged by that address too.
 */
final class PublicAddress {
    private static final List<Block> RESERVED_4 = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            // Where clouds answer with credentials on addresses that look public.
            "100.100.100.200/32",
            "168.63.129.16/32");
    /** Everything outside 2000::/3 is reserved, local or multicast. */
    private static final Block GLOBAL_6 = Block.of("2000::/3");

    private static final List<Block> RESERVED_6 =
            blocks("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20", "5f00::/16");
    private static final Block SIX_TO_FOUR = Block.of("2002::/16");
    private static final Block TRANSLATED = Block.of("64:ff9b::/96");

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        if (address instanceof Inet4Address) {
            return RESERVED_4.stream().noneMatch(block -> block.has(address.getAddress()));
        }
        byte[] bytes = address.getAddress();
        Optional<InetAddress> carried = carried(bytes);
        if (carried.isPresent() && !is(carried.get())) {
            return false;
        }
        if (TRANSLATED.has(bytes)) {
            return true;
        }
        return GLOBAL_6.has(bytes) && RESERVED_6.stream().noneMatch(block -> block.has(bytes));
    }

    /** The IPv4 address inside: 6to4 and NAT64. The JDK itself makes mapped ones plain; Teredo is reserved as a whole. */
    private static Optional<InetAddress> carried(byte[] bytes) {
        if (SIX_TO_FOUR.has(bytes)) {
            return Optional.of(of(Arrays.copyOfRange(bytes, 2, 6)));
        }
        return TRANSLATED.has(bytes) ? Optional.of(of(Arrays.copyOfRange(bytes, 12, 16))) : Optional.empty();
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<Block> blocks(String... all) {
        return Arrays.stream(all).map(Block::of).toList();
    }

    private static final class Block {
        private final byte[] prefix;
        private final int length;

        private Block(byte[] prefix, int length) {
            this.prefix = prefix;
            this.length = length;
        }

        /** Literals only; nothing is looked up. */
        static Block of(String text) {
            String[] parts = text.split("/", 2);
            try {
                return new Block(InetAddress.getByName(parts[0]).getAddress(), Integer.parseInt(parts[1]));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(e);
            }
        }

        boolean has(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
