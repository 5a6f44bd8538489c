/// The launcher's command line.
@NullMarked
package io.countersign.local.command;

import org.jspecify.annotations.NullMarked;
