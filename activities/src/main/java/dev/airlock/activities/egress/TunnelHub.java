package dev.airlock.activities.egress;

import dev.airlock.activities.sandbox.init.InitError;
import dev.airlock.activities.sandbox.init.TunnelLink;
import dev.airlock.activities.sandbox.init.TunnelNews;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All tunnels of one sandbox over one link: a thread asks what is new and hands it out. It ends when the link does; whoever opens the
 * sandbox again makes another.
 */
final class TunnelHub implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelHub.class);
    private static final Duration WAIT = Duration.ofSeconds(20);
    /** Requests in flight that carry bytes; the link is shared with who reads the command's output. */
    private static final int SENDS = 6;

    private final TunnelLink link;
    private final Duration patience;
    private final Consumer<Tunnel> opened;
    private final Map<Integer, Tunnel> open = new ConcurrentHashMap<>();
    private final Semaphore sends = new Semaphore(SENDS);
    private volatile boolean closed;
    private @Nullable OptionalLong refusals;
    private int newest;

    /**
     * @param patience how long a tunnel may stand still
     * @param opened called once for each new tunnel; must not block
     */
    TunnelHub(TunnelLink link, Duration patience, Consumer<Tunnel> opened) {
        this.link = link;
        this.patience = patience;
        this.opened = opened;
    }

    TunnelHub start(String name) {
        Thread thread = new Thread(this::askAlways, "egress " + name);
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    private void askAlways() {
        try {
            while (!closed) {
                askOnce(WAIT, false);
            }
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                LOG.debug("a sandbox's tunnels end", e);
            }
        }
        closed = true;
        open.values().forEach(Tunnel::broken);
    }

    /** Lets the sandbox know now what is wanted of it. */
    void ask() throws IOException {
        askOnce(Duration.ZERO, false);
    }

    /** Whether there is nothing new, no tunnel is open and nobody waits for one. */
    boolean isQuiet() throws IOException {
        TunnelNews news = askOnce(Duration.ZERO, true);
        return news.items().isEmpty() && news.open() == 0;
    }

    /** How often the sandbox's kernel found no way to an address, when it was last looked. */
    synchronized OptionalLong refusals() {
        return refusals == null ? OptionalLong.empty() : refusals;
    }

    private TunnelNews askOnce(Duration wait, boolean count) throws IOException {
        List<TunnelLink.Known> known = new ArrayList<>();
        open.values().forEach(tunnel -> known.add(tunnel.known()));
        try {
            TunnelNews news = link.next(known, wait, count);
            tell(news);
            return news;
        } catch (InitError e) {
            if (e.code() == InitError.Code.SEQUENCE) {
                // Another request had told of more bytes before this one came: the next one knows.
                return new TunnelNews(1, false, OptionalLong.empty(), List.of());
            }
            throw e;
        }
    }

    private synchronized void tell(TunnelNews news) {
        if (news.refusals().isPresent()) {
            refusals = news.refusals();
        }
        news.items().stream()
                .filter(TunnelNews.Opened.class::isInstance)
                .map(TunnelNews.Opened.class::cast)
                .sorted(Comparator.comparingInt(TunnelNews.Opened::id))
                .forEach(this::meet);
        for (TunnelNews.Item item : news.items()) {
            Tunnel tunnel = open.get(item.id());
            if (tunnel != null) {
                tell(tunnel, item);
            }
        }
    }

    /** Numbers only grow: one that is told again was closed here a moment ago. */
    private void meet(TunnelNews.Opened made) {
        if (made.id() <= newest) {
            return;
        }
        newest = made.id();
        Tunnel tunnel = new Tunnel(this, made, patience);
        open.put(made.id(), tunnel);
        opened.accept(tunnel);
    }

    private static void tell(Tunnel tunnel, TunnelNews.Item item) {
        switch (item) {
            case TunnelNews.Opened known -> {}
            case TunnelNews.Data data -> tunnel.data(data.offset(), data.bytes());
            case TunnelNews.Ended ended -> tunnel.ended(ended.total());
            case TunnelNews.Room room -> tunnel.room();
            case TunnelNews.Broken broken -> tunnel.broken();
        }
    }

    long send(int id, long offset, byte[] bytes, boolean last) throws IOException {
        sends.acquireUninterruptibly();
        try {
            return link.send(id, offset, bytes, bytes.length, last).accepted();
        } finally {
            sends.release();
        }
    }

    void close(int id, boolean atOnce) throws IOException {
        if (open.remove(id) != null && !closed) {
            link.close(id, atOnce);
        }
    }

    /** Ends every tunnel; their users meet an error. Init may go on listening. */
    @Override
    public void close() {
        closed = true;
        open.values().forEach(Tunnel::broken);
    }
}
