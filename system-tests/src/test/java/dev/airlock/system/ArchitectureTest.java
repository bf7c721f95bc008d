package dev.airlock.system;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.temporal.activity.ActivityInterface;
import java.io.File;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** The structure, as rules; each says why, and what to do instead. */
class ArchitectureTest {
    private static final JavaClasses AIRLOCK = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.airlock");

    @Test
    void modulesDependDownwards() {
        forbid(
                        "dev.airlock.workflows..",
                        "workspace",
                        "evidence",
                        "activities",
                        "platform",
                        "worker",
                        "starter",
                        "dev",
                        "cli")
                .because("a code-first user depends on workflows alone; put what touches the world behind an activity")
                .check(AIRLOCK);
        forbid("dev.airlock.workspace..", "activities", "worker", "starter", "dev", "cli")
                .because("workspace knows git, the pipeline language, and how to digest what it declares")
                .check(AIRLOCK);
        forbid("dev.airlock.evidence..", "workspace", "activities", "worker", "starter", "dev", "cli")
                .because("evidence must be verifiable without the engine")
                .check(AIRLOCK);
        forbid("dev.airlock.platform..", "workspace", "evidence", "activities", "worker", "starter", "dev", "cli")
                .because("every process stands on platform")
                .check(AIRLOCK);
        forbid("dev.airlock.activities..", "worker", "starter", "dev", "cli")
                .because("activities are wired by the worker and know nobody above")
                .check(AIRLOCK);
        forbid("dev.airlock.starter..", "activities", "worker", "dev", "cli")
                .because("who starts or asks about runs needs no sandbox; talk to the workflow instead")
                .check(AIRLOCK);
        forbid("dev.airlock.worker..", "starter", "dev", "cli")
                .because("dev starts workers")
                .check(AIRLOCK);
        forbid("dev.airlock.dev..", "cli").because("the command line is on top").check(AIRLOCK);
        forbid("dev.airlock.cli..", "bench")
                .because("what is measured must not know that it is")
                .check(AIRLOCK);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.airlock.(**)")
                .should()
                .beFreeOfCycles()
                .because("a cycle means that neither package can be understood alone; move the shared type down")
                .check(AIRLOCK);
    }

    @Test
    void workflowCodeIsDeterministic() {
        noClasses()
                .that()
                .resideInAPackage("dev.airlock.workflows..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Thread.class,
                        Executor.class,
                        Random.class,
                        UUID.class,
                        Clock.class,
                        Files.class,
                        File.class,
                        Socket.class)
                .because(
                        "a replay must take the same way: use Workflow's own time, randomness and coroutines, or an activity")
                .check(AIRLOCK);
        noClasses()
                .that()
                .resideInAPackage("dev.airlock.workflows..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv")
                .because("a replay must see the same time and settings: use Workflow.currentTimeMillis, or the request")
                .check(AIRLOCK);
    }

    @Test
    void failuresAreMadeInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.airlock.workflows.failure.Failures")
                .should()
                .callMethodWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                                com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                                        com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching(
                                                "io.temporal.failure.ApplicationFailure(\\$Builder)?")))
                        .and(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                                com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching(
                                        "new.*|build"))))
                .because("every failure has a FailureType that says whether trying again helps; use Failures.of")
                .check(AIRLOCK);
    }

    @Test
    void valuesThatTravelAreRecordsEnumsOrSealed() {
        classes()
                .that(resideInAPackage("dev.airlock.workflows..").and(travels()))
                .should(beARecordAnEnumOrSealed())
                .because("what travels must be complete, immutable and exhaustive; make it a record")
                .check(AIRLOCK);
    }

    @Test
    void nothingGoesIntoAContainerButThroughSandboxInit() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("com\\.github\\.dockerjava.*(CopyArchive|ExecCreate|ExecStart)Cmd.*")
                .because("archive upload unpacks as root on the host (CVE-2026-41567) and exec enters what is hostile;"
                        + " use sandbox-init's frames")
                .check(AIRLOCK);
    }

    private static ArchRule forbid(String from, String... modules) {
        String[] packages = new String[modules.length];
        for (int i = 0; i < modules.length; i++) {
            packages[i] = "dev.airlock." + modules[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
    }

    private static ArchCondition<JavaClass> beARecordAnEnumOrSealed() {
        return new ArchCondition<>("be a record, an enum or sealed") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean fine =
                        type.isRecord() || type.isEnum() || type.reflect().isSealed();
                events.add(new SimpleConditionEvent(type, fine, type.getName() + (fine ? " is" : " is not")));
            }
        };
    }

    private static DescribedPredicate<JavaClass> travels() {
        return DescribedPredicate.describe(
                "parameters or results of activities",
                type -> AIRLOCK.stream()
                        .filter(other -> other.isAnnotatedWith(ActivityInterface.class))
                        .flatMap(other -> other.getMethods().stream())
                        .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC))
                        .anyMatch(method -> method.getRawReturnType().equals(type)
                                || method.getRawParameterTypes().contains(type)));
    }
}
