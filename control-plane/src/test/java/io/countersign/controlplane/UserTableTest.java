package io.countersign.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class UserTableTest {
    private final UserTable users = UserTable.parse(List.of(
            "t0ken,admin,1,\"system:masters,people\"", "", "# a comment", "0ther,reader,2", "th1rd,ci,3,robots"));

    @Test
    void findsTheUserOfAToken() {
        assertThat(users.find("t0ken")).hasValueSatisfying(admin -> {
            assertThat(admin.name()).isEqualTo("admin");
            assertThat(admin.groups()).containsExactlyInAnyOrder("system:masters", "people");
            assertThat(admin.mayWrite()).isTrue();
        });
    }

    @Test
    void letsOnlyMastersWrite() {
        assertThat(users.find("0ther"))
                .hasValueSatisfying(user -> assertThat(user.mayWrite()).isFalse());
        assertThat(users.find("th1rd"))
                .hasValueSatisfying(user -> assertThat(user.mayWrite()).isFalse());
    }

    @Test
    void knowsNobodyByAnotherToken() {
        assertThat(users.find("t0ke")).isEmpty();
        assertThat(users.find("t0ken ")).isEmpty();
        assertThat(users.find("")).isEmpty();
    }

    @Test
    void saysWhichLineIsWrongButNotItsToken() {
        assertThatThrownBy(() -> UserTable.parse(List.of("good,a,1", "s3cret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void refusesAFileWithoutUsers() {
        assertThatThrownBy(() -> UserTable.parse(List.of("# nobody"))).isInstanceOf(IllegalArgumentException.class);
    }
}
