package io.countersign.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;

/// Rules that hold in more than one module; each module's `ArchitectureTest` names those that are its own.
public final class ArchitectureRules {
    /// Class names say what a thing is, not that it does something with it. The JDK's key managers and trust managers
    /// are called so wherever they are known.
    public static final ArchRule PLAIN_NAMES = noClasses()
            .should()
            .haveNameMatching(
                    ".*((?<!Key)(?<!Trust)Manager|Helper|Utils?|Impl|Dto|Processor)|.*\\.(Abstract|Base)[A-Z].*");

    /// Time is asked of an [java.time.InstantSource] that somebody handed in, so that tests can move it.
    public static final ArchRule INJECTED_CLOCKS = noClasses()
            .should()
            .accessTargetWhere(describe(
                    "is the system's clock",
                    (JavaAccess<? extends AccessTarget> access) -> isClock(
                            access.getTargetOwner().getFullName(),
                            access.getTarget().getName())));

    /// What a process says, it says to its log.
    public static final ArchRule NO_PRINTING = noClasses()
            .should()
            .accessTargetWhere(describe(
                    "prints",
                    (JavaAccess<? extends AccessTarget> access) -> access.getTarget()
                            .getFullName()
                            .matches("java\\.lang\\.System\\.(out|err)|.*\\.printStackTrace\\(.*")));

    /// Configuration is read by mappings at the start, never field by field.
    public static final ArchRule CONFIGURATION_BY_MAPPINGS =
            noFields().should().beAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty");

    private ArchitectureRules() {}

    /// The packages below a root do not know each other in circles.
    public static ArchRule noCyclesBelow(String rootPackage) {
        return slices().matching(rootPackage + ".(*)..").should().beFreeOfCycles();
    }

    /// No class knows anything of these packages, written as ArchUnit does: `io.vertx..`.
    public static ArchRule independentOf(String... packages) {
        return noClasses().should().dependOnClassesThat(resideInAnyPackage(packages));
    }

    private static boolean isClock(String owner, String method) {
        return switch (owner) {
            case "java.time.Instant",
                    "java.time.LocalDateTime",
                    "java.time.ZonedDateTime",
                    "java.time.OffsetDateTime" -> method.equals("now");
            case "java.lang.System" -> method.equals("currentTimeMillis");
            default -> false;
        };
    }
}
