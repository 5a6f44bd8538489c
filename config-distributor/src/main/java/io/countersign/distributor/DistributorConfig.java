package io.countersign.distributor;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/// Configuration of config-distributor.
@ConfigMapping(prefix = "countersign.distributor")
interface DistributorConfig {
    /// Who may ask: a Kubernetes static token file, `token,user,uid,"groups"`.
    Path usersFile();

    Distribution distribution();

    /// How the way of a generation is told.
    interface Distribution {
        /// Progress of a generation is published at most once in it; a verdict and a rejection at once.
        @WithDefault("PT1S")
        Duration progressInterval();

        /// How long a step of a mode change waits for nodes that do not confirm it: a silent node delays no change
        /// longer.
        @WithDefault("PT30S")
        Duration transitionMax();
    }
}
