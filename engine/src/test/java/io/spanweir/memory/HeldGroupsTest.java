package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldGroupsTest {
    private final Budget budget = new Budget("tables", 20_000);
    private final HeldGroups groups = new HeldGroups(budget, 42);

    @Test
    void equalEnvelopesAreOneGroup() {
        int group = intern("resource", "schema", "scope", "");
        assertThat(intern("resource", "schema", "scope", "")).isEqualTo(group);
        assertThat(intern("resource", "schema", "", "scope")).isNotEqualTo(group);
        assertThat(intern("resourc", "eschema", "scope", "")).isNotEqualTo(group);
        assertThat(part(group, HeldGroups.RESOURCE_PREFIX)).isEqualTo("resource");
        assertThat(part(group, HeldGroups.RESOURCE_SUFFIX)).isEqualTo("schema");
        assertThat(part(group, HeldGroups.SCOPE_PREFIX)).isEqualTo("scope");
        assertThat(part(group, HeldGroups.SCOPE_SUFFIX)).isEmpty();
    }

    @Test
    void partsThatAreNotSetAreEmpty() {
        int group = intern("a", "b", "c", "d");
        groups.part(HeldGroups.SCOPE_PREFIX, "c".getBytes(StandardCharsets.UTF_8), 0, 1);
        int other = groups.intern();
        assertThat(other).isNotEqualTo(group);
        assertThat(part(other, HeldGroups.RESOURCE_PREFIX)).isEmpty();
        assertThat(part(other, HeldGroups.SCOPE_PREFIX)).isEqualTo("c");
    }

    @Test
    void aGroupEndsWithItsLastHolder() {
        int group = intern("a", "b", "c", "d");
        groups.retain(group);
        groups.release(group);
        assertThat(groups.groupCount()).isEqualTo(1);
        groups.release(group);
        assertThat(groups.groupCount()).isZero();
        assertThat(budget.usedBytes()).isZero();
        assertThatThrownBy(() -> groups.release(group))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("held group " + group + " released twice, or never made");
        assertThatThrownBy(() -> groups.retain(group)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFullBudgetAnswersFullForNewEnvelopesOnly() {
        List<Integer> ids = new ArrayList<>();
        int id = intern("resource 0", "", "", "");
        while (id != HeldGroups.FULL) {
            ids.add(id);
            id = intern("resource " + ids.size(), "", "", "");
        }
        assertThat(ids.size()).isGreaterThan(100).isLessThan(400);
        assertThat(intern("resource 5", "", "", "")).isEqualTo(ids.get(5));
        groups.release(ids.get(5));
        ids.forEach(groups::release);
        assertThat(budget.usedBytes()).isZero();
        assertThat(groups.groupCount()).isZero();
    }

    private int intern(String... parts) {
        for (int part = 0; part < parts.length; part++) {
            byte[] bytes = ("--" + parts[part]).getBytes(StandardCharsets.UTF_8);
            groups.part(part, bytes, 2, bytes.length - 2);
        }
        return groups.intern();
    }

    private String part(int group, int part) {
        return new String(
                groups.bytes(group),
                groups.offset(group, part),
                groups.lengthBytes(group, part),
                StandardCharsets.UTF_8);
    }
}
