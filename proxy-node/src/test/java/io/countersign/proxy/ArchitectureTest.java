package io.countersign.proxy;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.countersign.testing.ArchitectureRules;

@AnalyzeClasses(packages = "io.countersign.proxy", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PLAIN_NAMES = ArchitectureRules.PLAIN_NAMES;

    @ArchTest
    static final ArchRule INJECTED_CLOCKS = ArchitectureRules.INJECTED_CLOCKS;

    @ArchTest
    static final ArchRule NO_PRINTING = ArchitectureRules.NO_PRINTING;

    @ArchTest
    static final ArchRule KNOWS_NO_QUARKUS = ArchitectureRules.independentOf("io.quarkus..", "jakarta..");
}
