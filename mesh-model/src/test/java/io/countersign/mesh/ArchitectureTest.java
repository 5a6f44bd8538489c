package io.countersign.mesh;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serial;
import java.net.InetAddress;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// The functional core: values and pure functions, with nothing around them.
@AnalyzeClasses(packages = "io.countersign.mesh", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Set<String> CLOCKS = Set.of("now", "currentTimeMillis", "nanoTime", "systemUTC", "system");

    @ArchTest
    static final ArchRule USES_THE_JDK_AND_PERSISTENT_MAPS_ONLY = classes()
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("io.countersign.mesh..", "java..", "org.jspecify..", "org.pcollections.."));

    @ArchTest
    static final ArchRule DOES_NO_INPUT_OR_OUTPUT = noClasses()
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.sql..", "java.util.logging..")
                            .and(not(type(Serial.class)))
                            .and(not(type(InetAddress.class))));

    @ArchTest
    static final ArchRule LOOKS_UP_NO_NAMES = noClasses()
            .should()
            .accessTargetWhere(describe(
                    "is more than an address's text",
                    (JavaAccess<? extends AccessTarget> access) ->
                            access.getTargetOwner().isEquivalentTo(InetAddress.class)
                                    && !Set.of("ofLiteral", "getHostAddress")
                                            .contains(access.getTarget().getName())));

    @ArchTest
    static final ArchRule READS_NO_CLOCK = noClasses()
            .should()
            .accessTargetWhere(describe(
                    "is a clock",
                    (JavaAccess<? extends AccessTarget> access) ->
                            CLOCKS.contains(access.getTarget().getName())
                                    && access.getTargetOwner().getPackageName().matches("java\\.(time|lang)")));

    @ArchTest
    static final ArchRule KNOWS_NO_CHANCE_AND_NO_THREADS = noClasses()
            .should()
            .dependOnClassesThat(type(Random.class)
                    .or(type(ThreadLocalRandom.class))
                    .or(type(Thread.class))
                    .or(resideInAnyPackage("java.util.concurrent..", "java.security.interfaces..")));

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().matching("io.countersign.mesh.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Dto|Processor)|.*\\.(Abstract|Base)[A-Z].*");
}
