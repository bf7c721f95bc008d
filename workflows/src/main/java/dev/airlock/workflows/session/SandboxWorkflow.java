package dev.airlock.workflows.session;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Owns one interactive sandbox: makes it, runs commands in it one after the other, keeps its files while nobody calls, and ends
 * it. The workflow id is the {@link dev.airlock.workflows.id.SandboxId}.
 *
 * <p>Updates only check and enqueue; one loop decides. The update id is the call's id, and the same call, repeated whenever, also after
 * the workflow continued as new, is done once. It continues as new every {@link SessionRequest.Timing#commands()} calls.
 */
@WorkflowInterface
public interface SandboxWorkflow {
    @WorkflowMethod
    SessionView run(SessionRequest request);

    /** Waits until there is a sandbox, or until it is clear that there will be none. */
    @UpdateMethod
    SessionView ready();

    /** Runs a command, once. */
    @UpdateMethod
    ExecResult exec(Call.Exec call);

    @UpdateValidatorMethod(updateName = "exec")
    void validateExec(Call.Exec call);

    /** Puts files into the workspace. */
    @UpdateMethod
    TransferResult put(Call.Put call);

    @UpdateValidatorMethod(updateName = "put")
    void validatePut(Call.Put call);

    /** Takes files out of the workspace. */
    @UpdateMethod
    TransferResult get(Call.Get call);

    @UpdateValidatorMethod(updateName = "get")
    void validateGet(Call.Get call);

    /** Moves the end by one extension. */
    @UpdateMethod
    SessionView extend(Call.Extend call);

    @UpdateValidatorMethod(updateName = "extend")
    void validateExtend(Call.Extend call);

    /** Ends it; answers once its container is gone, or is left to its host's sweep. */
    @UpdateMethod
    SessionView stop(Call.Stop call);

    @UpdateValidatorMethod(updateName = "stop")
    void validateStop(Call.Stop call);

    /** Kills the command that a call asked for; that call is answered with how it ended. */
    @UpdateMethod
    SessionView kill(Call.Kill call);

    @UpdateValidatorMethod(updateName = "kill")
    void validateKill(Call.Kill call);

    @QueryMethod
    SessionView view();
}
