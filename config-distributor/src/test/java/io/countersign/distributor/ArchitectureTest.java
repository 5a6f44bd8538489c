package io.countersign.distributor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.countersign.distributor.publication.DistributorEngine;
import java.time.Clock;
import java.time.Instant;

/// What decides is pure; what reads and writes does not decide.
@AnalyzeClasses(packages = "io.countersign.distributor", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule THE_CORE_KNOWS_NEITHER_KAFKA_NOR_A_FRAMEWORK = classes()
            .that()
            .resideInAnyPackage("..distributor.projection..", "..distributor.distribution..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.countersign.distributor.projection..",
                    "io.countersign.distributor.distribution..",
                    "io.countersign.mesh..",
                    "io.countersign.events..",
                    "io.countersign.identity..",
                    "io.countersign.follower..",
                    "org.jspecify..",
                    "org.pcollections..",
                    "java.."));

    @ArchTest
    static final ArchRule THE_ENGINE_NEEDS_NO_BUS = noClasses()
            .that()
            .areAssignableTo(DistributorEngine.class)
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "io.quarkus..", "org.slf4j.."));

    @ArchTest
    static final ArchRule TIME_COMES_FROM_OUTSIDE = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone");

    @ArchTest
    static final ArchRule NO_PACKAGES_NEED_EACH_OTHER =
            slices().matching("io.countersign.distributor.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Dto|Processor)|.*\\.(Abstract|Base)[A-Z].*");
}
