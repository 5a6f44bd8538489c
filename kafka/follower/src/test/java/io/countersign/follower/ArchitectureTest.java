package io.countersign.follower;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.countersign.testing.ArchitectureRules;

@AnalyzeClasses(packages = "io.countersign.follower", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PLAIN_NAMES = ArchitectureRules.PLAIN_NAMES;

    @ArchTest
    static final ArchRule INJECTED_CLOCKS = ArchitectureRules.INJECTED_CLOCKS;

    @ArchTest
    static final ArchRule NO_PRINTING = ArchitectureRules.NO_PRINTING;

    @ArchTest
    static final ArchRule SERVES_SERVICES_AND_NODES_ALIKE =
            ArchitectureRules.independentOf("io.quarkus..", "io.vertx..", "io.netty..", "io.smallrye..", "jakarta..");
}
