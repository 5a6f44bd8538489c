package io.countersign.events;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Records and their JSON; how they travel is somebody else's.
@AnalyzeClasses(packages = "io.countersign.events", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule KNOWS_NEITHER_KAFKAS_CLIENT_NOR_A_FRAMEWORK = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.countersign.events..",
                    "io.countersign.mesh..",
                    "java..",
                    "org.jspecify..",
                    "com.fasterxml.jackson.."));

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Dto|Processor)|.*\\.(Abstract|Base)[A-Z].*");
}
