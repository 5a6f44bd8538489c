/// `csign`, the command line for people who run a mesh.
@NullMarked
package io.countersign.cli;

import org.jspecify.annotations.NullMarked;
