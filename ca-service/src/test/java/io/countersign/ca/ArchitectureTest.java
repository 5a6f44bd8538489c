package io.countersign.ca;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.countersign.testing.ArchitectureRules;

@AnalyzeClasses(packages = "io.countersign.ca", importOptions = DoNotIncludeTests.class)
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
    static final ArchRule NO_CYCLES = ArchitectureRules.noCyclesBelow("io.countersign.ca");

    @ArchTest
    static final ArchRule KNOWS_NO_OTHER_SERVICE_AND_NO_NODE = ArchitectureRules.independentOf(
            "io.countersign.policy..",
            "io.countersign.distributor..",
            "io.countersign.dataplane..",
            "io.countersign.proxy..",
            "io.countersign.gateway..");

    @ArchTest
    static final ArchRule SIGNS_WITHOUT_A_FRAMEWORK = classes()
            .that()
            .resideInAPackage("io.countersign.ca.signing")
            .or()
            .haveSimpleNameStartingWith("Certificate")
            .or()
            .haveSimpleName("SvidValidator")
            .or()
            .haveSimpleName("RootCertificate")
            .or()
            .haveSimpleName("KeyEncryption")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.countersign..",
                    "java..",
                    "javax.crypto..",
                    "javax.security.auth.x500",
                    "org.bouncycastle..",
                    "com.amazon.corretto.crypto..",
                    "org.jspecify..",
                    "org.slf4j.."));
}
