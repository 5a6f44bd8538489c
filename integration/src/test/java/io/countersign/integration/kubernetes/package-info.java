/// The manifests of `deploy/k8s`, built by the real kubectl and held to the code.
package io.countersign.integration.kubernetes;
