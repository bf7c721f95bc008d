package dev.airlock.activities.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds a name's addresses. It is asked once for each connection, and exactly what it says is looked at and connected to. */
@FunctionalInterface
public interface Resolver {
    /** The machine's own. */
    Resolver SYSTEM = name -> List.of(InetAddress.getAllByName(name));

    /** At least one. */
    List<InetAddress> resolve(String name) throws UnknownHostException;
}
