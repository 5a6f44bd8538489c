/// Processes that outlive the launcher: started, recorded, found again, stopped; and the ports that they need.
@NullMarked
package io.countersign.local.process;

import org.jspecify.annotations.NullMarked;
