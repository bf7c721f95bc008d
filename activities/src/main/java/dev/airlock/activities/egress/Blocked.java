package dev.airlock.activities.egress;

/** Why something was not let out. The names are part of the evidence. */
enum Blocked {
    /** What was said is no request that two programs must understand alike. */
    BAD_REQUEST("the request is malformed or can be read in two ways"),
    /** No entry of the step names this host. */
    HOST("the step's network.allow does not name this host"),
    /** An entry names the host, and not this port. */
    PORT("the step's network.allow names this host with other ports"),
    METHOD("the step's network.allow does not name this method for this host"),
    PATH("the step's network.allow does not name this path for this host"),
    /** A tunnel could carry anything; an entry that looks at requests needs to see them. */
    OPAQUE("this host is allowed for plain http:// requests to the proxy only, which the worker sends on"),
    /** The name stands for an address that is not public. */
    PRIVATE_ADDRESS("the name stands for an address that is private, local or reserved"),
    /** {@code Host} says something else than the request. */
    HOST_MISMATCH("the Host header names another host than the request"),
    UPGRADE("a change of protocol is not carried"),
    /** A CONNECT tunnel is for TLS. */
    NOT_TLS("a CONNECT tunnel carries TLS and nothing else"),
    /** The TLS inside is for another name. */
    SERVER_NAME("the TLS in the tunnel names another host than the tunnel"),
    /** What came back had a secret in it. */
    SECRET_ECHO("the answer held the secret that was added to the request"),
    CONNECTIONS("the step has used up its connections"),
    BYTES("the step has used up its bytes"),
    /** Not by the proxy: the sandbox's kernel found no way. */
    NO_NETWORK("it went past the proxy, where there is no network");

    private final String words;

    Blocked(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
