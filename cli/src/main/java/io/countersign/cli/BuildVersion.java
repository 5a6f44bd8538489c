package io.countersign.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// The version that the build wrote into the jar.
final class BuildVersion implements IVersionProvider {

    static String text() {
        String version = Csign.class.getPackage().getImplementationVersion();
        return "csign " + Optional.ofNullable(version).orElse("not packaged");
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }
}
