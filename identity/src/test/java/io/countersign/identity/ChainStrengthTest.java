package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

class ChainStrengthTest {
    /// Some of the open web's roots are signed with SHA-1, by themselves.
    @Test
    void takesEveryAuthorityOfTheSystem() throws GeneralSecurityException {
        // Given
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init((KeyStore) null);
        var system = ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();

        // When
        var taken = ChainStrength.trust(List.of()).getAcceptedIssuers();

        // Then
        assertThat(Stream.of(system).filter(root -> ChainStrength.weakness(root).isPresent()))
                .isNotEmpty();
        assertThat(taken).containsExactlyInAnyOrder(system);
    }
}
