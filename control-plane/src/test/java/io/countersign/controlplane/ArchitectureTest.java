package io.countersign.controlplane;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.countersign.testing.ArchitectureRules;

@AnalyzeClasses(packages = "io.countersign.controlplane", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PLAIN_NAMES = ArchitectureRules.PLAIN_NAMES;

    @ArchTest
    static final ArchRule INJECTED_CLOCKS = ArchitectureRules.INJECTED_CLOCKS;

    @ArchTest
    static final ArchRule NO_PRINTING = ArchitectureRules.NO_PRINTING;

    /// Each service makes its own beans of what is here, and only of what it needs.
    @ArchTest
    static final ArchRule NO_BEANS = ArchitectureRules.independentOf("jakarta.inject..", "jakarta.enterprise..");
}
