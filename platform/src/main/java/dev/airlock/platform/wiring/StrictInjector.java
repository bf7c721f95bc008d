package dev.airlock.platform.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import java.util.ArrayList;
import java.util.List;

/** Makes injectors in which everything is bound by hand and nothing is guessed. */
public final class StrictInjector {
    private StrictInjector() {}

    /** An injector whose singletons exist when this returns. */
    public static Injector create(Module... modules) {
        return create(List.of(modules));
    }

    /** As above. */
    public static Injector create(List<? extends Module> modules) {
        List<Module> all = new ArrayList<>();
        all.add(new Strictness());
        all.addAll(modules);
        return Guice.createInjector(Stage.PRODUCTION, all);
    }

    private static final class Strictness extends AbstractModule {
        @Override
        protected void configure() {
            binder().requireExplicitBindings();
            binder().requireExactBindingAnnotations();
            binder().requireAtInjectOnConstructors();
            binder().disableCircularProxies();
        }
    }
}
