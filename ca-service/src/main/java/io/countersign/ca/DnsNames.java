package io.countersign.ca;

import java.util.regex.Pattern;

/// Which DNS names may stand in a certificate.
public final class DnsNames {
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    private DnsNames() {}

    /// Whether it is a host's name in lower case, without a wildcard and without a dot at the end.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
