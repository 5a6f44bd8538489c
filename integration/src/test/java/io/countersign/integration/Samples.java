package io.countersign.integration;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Which sets of samples the mesh has that a scenario is given, as `./dev up --samples` takes them.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Samples {
    String value();
}
