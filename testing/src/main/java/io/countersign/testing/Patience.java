package io.countersign.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// Lets every wait of a test last as long as a slow machine may need: what must happen is waited for, and how long it
/// took is no business of a test.
public final class Patience implements LauncherSessionListener {
    private static final Duration MAX = Duration.ofSeconds(60);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        have();
    }

    /// For tests of a service, whose classes are not those of the session.
    public static void have() {
        Awaitility.setDefaultTimeout(MAX);
    }
}
