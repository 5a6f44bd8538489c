/// ca-service's own SVID on its own HTTPS server.
@NullMarked
package io.countersign.ca.server;

import org.jspecify.annotations.NullMarked;
