package dev.airlock.activities.validate;

import dev.airlock.workflows.pipeline.StepUse;
import java.io.IOException;
import java.util.List;

/** One kind of look at a change. The same change always gives the same findings. */
interface Check {

    /**
     * @param pulse to be called before each file; throws when the work is no longer wanted
     * @throws IOException when content cannot be read: the check could not find out
     */
    void look(List<Change> changes, StepUse.Validate wanted, Findings findings, Runnable pulse) throws IOException;
}
