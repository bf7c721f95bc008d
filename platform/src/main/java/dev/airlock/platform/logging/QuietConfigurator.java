package dev.airlock.platform.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The state of logging before anybody decides: levels set, nothing written. A {@code logback.xml} on the class path goes
 * first. Found as a service; without it logback would print to stdout, which belongs to answers.
 */
@ConfiguratorRank(ConfiguratorRank.NOMINAL)
public final class QuietConfigurator extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logs.levels(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
