package io.countersign.integration;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// The scenario's mesh is one of pods with every set of samples, shared by all of these scenarios. It needs root, `ip`,
/// `iptables`, `nginx` and `tcpdump`, and fails without them.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(SampleMesh.class)
@interface InPods {
    String SAMPLES = "httpbin,default,bookinfo,https,tcp";
}
