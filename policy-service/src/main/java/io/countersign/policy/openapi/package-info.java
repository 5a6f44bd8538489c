/// The OpenAPI documents that kubectl validates by.
@NullMarked
package io.countersign.policy.openapi;

import org.jspecify.annotations.NullMarked;
