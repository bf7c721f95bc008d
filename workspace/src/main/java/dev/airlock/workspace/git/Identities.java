package dev.airlock.workspace.git;

import dev.airlock.workflows.id.Principal;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.lib.PersonIdent;

/** Principals as git writes them: {@code rita <user-rita@airlock.invalid>}, with {@code =} for an at sign in the name. */
final class Identities {
    private static final String DOMAIN = "@airlock.invalid";

    private Identities() {}

    static PersonIdent author(Principal principal, Instant time) {
        int colon = principal.value().indexOf(':');
        String kind = principal.value().substring(0, colon);
        String name = principal.value().substring(colon + 1);
        return new PersonIdent(name, kind + "-" + name.replace('@', '=') + DOMAIN, time, ZoneOffset.UTC);
    }

    static PersonIdent airlock(Instant time) {
        return new PersonIdent("Airlock", "airlock" + DOMAIN, time, ZoneOffset.UTC);
    }

    /** The principal again, if Airlock wrote it; else name and address. */
    static String show(PersonIdent ident) {
        String address = ident.getEmailAddress();
        int dash = address.indexOf('-');
        if (dash > 0 && address.endsWith(DOMAIN)) {
            return address.substring(0, dash) + ":" + ident.getName();
        }
        return ident.getName() + " <" + address + ">";
    }
}
