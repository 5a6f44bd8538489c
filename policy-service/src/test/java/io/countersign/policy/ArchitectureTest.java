package io.countersign.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.countersign.testing.ArchitectureRules;

@AnalyzeClasses(packages = "io.countersign.policy", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PLAIN_NAMES = ArchitectureRules.PLAIN_NAMES;

    @ArchTest
    static final ArchRule INJECTED_CLOCKS = ArchitectureRules.INJECTED_CLOCKS;

    @ArchTest
    static final ArchRule NO_PRINTING = ArchitectureRules.NO_PRINTING;

    @ArchTest
    static final ArchRule CONFIGURATION_BY_MAPPINGS = ArchitectureRules.CONFIGURATION_BY_MAPPINGS;

    @ArchTest
    static final ArchRule NO_CYCLES = ArchitectureRules.noCyclesBelow("io.countersign.policy");

    @ArchTest
    static final ArchRule NO_OTHER_SERVICE = ArchitectureRules.independentOf(
            "io.countersign.ca..", "io.countersign.distributor..", "io.countersign.dataplane..");

    /// What decides about objects and patches is plain Java on JSON trees.
    @ArchTest
    static final ArchRule PURE_CORE = noClasses()
            .that()
            .resideInAnyPackage("..policy.object..", "..policy.patch..", "..policy.table..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta..", "io.quarkus..", "io.smallrye..", "io.vertx..", "org.hibernate..");
}
