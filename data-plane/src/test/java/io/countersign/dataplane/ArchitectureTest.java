package io.countersign.dataplane;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.countersign.testing.ArchitectureRules;

/// What both kinds of node share: Vert.x and Netty, and no framework of the services.
@AnalyzeClasses(packages = "io.countersign.dataplane", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = ArchitectureRules.PLAIN_NAMES;

    @ArchTest
    static final ArchRule TIME_IS_HANDED_IN = ArchitectureRules.INJECTED_CLOCKS;

    @ArchTest
    static final ArchRule NOTHING_IS_PRINTED = ArchitectureRules.NO_PRINTING;

    @ArchTest
    static final ArchRule CONFIGURATION_COMES_BY_MAPPINGS = ArchitectureRules.CONFIGURATION_BY_MAPPINGS;

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = ArchitectureRules.noCyclesBelow("io.countersign.dataplane");

    @ArchTest
    static final ArchRule KNOWS_NO_QUARKUS = ArchitectureRules.independentOf("io.quarkus..", "jakarta..");
}
