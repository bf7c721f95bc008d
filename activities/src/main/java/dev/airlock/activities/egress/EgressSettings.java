package dev.airlock.activities.egress;

import dev.airlock.workflows.pipeline.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What the installation lets its sandboxes reach. A pipeline comes from a workspace, which may ask for less and never for more; where
 * nothing is set there is no network.
 *
 * @param hosts {@code HOST:PORT} that steps may name
 * @param upstreams {@code HOST:PORT} that may have a private address
 * @param tls for upstreams that a secret is added for
 */
public record EgressSettings(
        Set<String> hosts, Set<String> upstreams, Secrets secrets, Resolver resolver, SSLContext tls) {
    /** The setting: {@code HOST} (ports 80 and 443) or {@code HOST:PORT}, separated by commas. */
    public static final String HOSTS = "AIRLOCK_EGRESS";
    /** The setting: {@code HOST:PORT}, separated by commas. */
    public static final String PRIVATE = "AIRLOCK_EGRESS_PRIVATE";
    /** The setting: see {@link Secrets}. */
    public static final String SECRETS = "AIRLOCK_SECRETS";
    /** The setting: a PEM file of authorities that are trusted besides the machine's own. */
    public static final String AUTHORITIES = "AIRLOCK_EGRESS_CA";

    public EgressSettings {
        hosts = Set.copyOf(hosts);
        upstreams = Set.copyOf(upstreams);
    }

    /**
     * From the worker's environment.
     *
     * @throws IllegalArgumentException naming the variable and what it should be
     */
    public static EgressSettings of(Map<String, String> environment) {
        return of(environment, Resolver.SYSTEM);
    }

    /** The same, with names found by another resolver. */
    public static EgressSettings of(Map<String, String> environment, Resolver resolver) {
        String secrets = environment.getOrDefault(SECRETS, "");
        try {
            return new EgressSettings(
                    hostsAndPorts(HOSTS, environment.getOrDefault(HOSTS, ""), 80, 443),
                    hostsAndPorts(PRIVATE, environment.getOrDefault(PRIVATE, "")),
                    Secrets.of(secrets, environment::get),
                    resolver,
                    trusting(environment.getOrDefault(AUTHORITIES, "")));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(AUTHORITIES + " is no file of certificates: " + e.getMessage(), e);
        }
    }

    private static Set<String> hostsAndPorts(String variable, String list, int... otherwise) {
        Set<String> all = new TreeSet<>();
        for (String entry : entries(list)) {
            try {
                if (entry.contains(":") || otherwise.length == 0) {
                    all.add(HostPort.of(entry, 0).toString());
                } else {
                    String host = HostPort.host(entry);
                    Arrays.stream(otherwise).forEach(port -> all.add(new HostPort(host, port).toString()));
                }
            } catch (BlockedException e) {
                throw new IllegalArgumentException(
                        variable + ": '" + entry + "' is not HOST:PORT" + (otherwise.length == 0 ? "" : " or HOST"), e);
            }
        }
        return all;
    }

    static List<String> entries(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private static SSLContext trusting(String file) throws GeneralSecurityException, IOException {
        if (file.isEmpty()) {
            return SSLContext.getDefault();
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate one : read(Path.of(file))) {
            store.setCertificateEntry("given" + number++, one);
        }
        for (Certificate one : ofTheMachine()) {
            store.setCertificateEntry("own" + number++, one);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static List<Certificate> read(Path file) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
    }

    private static List<Certificate> ofTheMachine() throws GeneralSecurityException {
        TrustManagerFactory own = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        own.init((KeyStore) null);
        List<Certificate> all = new ArrayList<>();
        for (TrustManager manager : own.getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                all.addAll(List.of(known.getAcceptedIssuers()));
            }
        }
        return all;
    }

    boolean isPrivateUpstream(HostPort to) {
        return upstreams.contains(to.toString());
    }

    /**
     * Looks whether a step asks for no more than the installation lets out.
     *
     * @throws NetworkRefused with what it asks for too much, and the mend
     */
    public void require(Network network) throws NetworkRefused {
        for (Network.Allow allow : network.allow()) {
            for (int port : allow.ports()) {
                String wanted = allow.host() + ":" + port;
                if (!hosts.contains(wanted)) {
                    throw new NetworkRefused(
                            "network.allow names " + wanted + ", which this installation does not let out; add it to "
                                    + HOSTS + " of the worker, start the worker again, then retry");
                }
            }
            Network.Secret secret = allow.secret();
            if (secret != null && !secrets.names().contains(secret.name())) {
                throw new NetworkRefused("network.allow names the secret " + secret.name()
                        + ", which this worker has not; add " + secret.name() + "=file:/path or " + secret.name()
                        + "=env:VARIABLE to " + SECRETS + " of the worker, start the worker again, then retry");
            }
        }
    }
}
