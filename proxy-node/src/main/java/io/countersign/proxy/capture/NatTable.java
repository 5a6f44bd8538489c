package io.countersign.proxy.capture;

import java.util.List;

/// One family's table of address translation.
interface NatTable {

    AddressFamily family();

    /// The table's lines, as `iptables-save` prints them.
    List<String> read();

    /// Takes all of what `iptables-restore --noflush` takes, or nothing.
    void change(String text);
}
