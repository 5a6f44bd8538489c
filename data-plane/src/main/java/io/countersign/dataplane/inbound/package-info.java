/// The listener before the application: looks at a connection's first bytes, admits it by the port's mode, proves the
/// client.
@NullMarked
package io.countersign.dataplane.inbound;

import org.jspecify.annotations.NullMarked;
