package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TransitMemoryTest {
    private static final int SEGMENT = 1024;

    private final Budget budget = new Budget("transit", 4 * SEGMENT);
    private final TransitMemory memory = new TransitMemory(budget, SEGMENT);
    private final TransitAppender appender = memory.appender();

    @Test
    void messagesShareASegmentUntilItIsFull() {
        TransitRegion first = reserved(600);
        TransitRegion second = reserved(424);
        TransitRegion third = reserved(1);
        assertThat(second.bytes()).isSameAs(first.bytes());
        assertThat(second.offset()).isEqualTo(600);
        assertThat(third.bytes()).isNotSameAs(first.bytes());
        assertThat(budget.usedBytes()).isEqualTo(2 * SEGMENT);
    }

    @Test
    void theOpenSegmentStartsAnewWhenNobodyElseHoldsIt() {
        TransitRegion first = reserved(1000);
        first.retain(1);
        first.release();
        TransitRegion held = reserved(24);
        assertThat(held.offset()).isEqualTo(1000);
        held.release();
        first.release();
        TransitRegion anew = reserved(1000);
        assertThat(anew.bytes()).isSameAs(first.bytes());
        assertThat(anew.offset()).isZero();
        assertThat(budget.usedBytes()).isEqualTo(SEGMENT);
    }

    @Test
    void aFullMemoryRefusesUntilSomethingIsReleased() {
        List<TransitRegion> regions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            regions.add(reserved(SEGMENT));
        }
        assertThat(appender.reserve(1)).isNull();
        assertThat(appender.reserve(0)).isNull();
        regions.get(1).release();
        assertThat(reserved(1).bytes()).isSameAs(regions.get(1).bytes());
    }

    @Test
    void aMessageLongerThanASegmentGetsAnArrayOfItsOwnInPlaceOfKeptSegments() {
        List<TransitRegion> regions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            regions.add(reserved(SEGMENT));
        }
        regions.forEach(TransitRegion::release);
        appender.seal();
        assertThat(budget.usedBytes()).isZero();
        TransitRegion large = reserved(3 * SEGMENT + 1);
        assertThat(large.bytes()).hasSize(3 * SEGMENT + 1);
        assertThat(budget.usedBytes()).isEqualTo(4 * SEGMENT);
        assertThat(appender.reserve(1)).isNull();
        large.release();
        assertThat(budget.usedBytes()).isZero();
        TransitRegion after = reserved(1);
        assertThat(regions).noneMatch(region -> region.bytes() == after.bytes());
        assertThat(memory.regionLengthBytesMax()).isEqualTo(4 * SEGMENT);
    }

    @Test
    void theRoomOfAnAbandonedMessageIsUsedAgain() {
        TransitRegion kept = reserved(100);
        appender.abandon(reserved(500));
        TransitRegion next = reserved(900);
        assertThat(next.bytes()).isSameAs(kept.bytes());
        assertThat(next.offset()).isEqualTo(100);
        appender.abandon(kept);
        assertThat(next.offset()).isEqualTo(100);
        appender.abandon(reserved(2 * SEGMENT));
        assertThat(budget.usedBytes()).isEqualTo(SEGMENT);
    }

    @Test
    void releasingTwiceIsABug() {
        TransitRegion region = reserved(SEGMENT);
        TransitRegion other = reserved(SEGMENT);
        region.release();
        assertThatThrownBy(region::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("transit segment 0 released twice");
        assertThatThrownBy(() -> region.retain(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("transit segment 0 retained after its release");
        TransitRegion next = reserved(SEGMENT);
        assertThat(next.bytes()).isSameAs(region.bytes());
        assertThatThrownBy(region::release).isInstanceOf(IllegalStateException.class);
        next.bytes()[0] = 1;
        other.release();
        next.release();
        appender.close();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void regionsOutliveTheirAppender() {
        TransitRegion region = reserved(10);
        appender.close();
        appender.close();
        assertThat(budget.usedBytes()).isEqualTo(SEGMENT);
        region.release();
        assertThat(budget.usedBytes()).isZero();
        assertThatThrownBy(() -> appender.reserve(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void indexesAreChargedToTheSameBudgetAndPushOutKeptSegments() {
        TransitRegion first = reserved(SEGMENT);
        first.release();
        appender.seal();
        assertThat(memory.tryTakeIndex(4 * SEGMENT)).isTrue();
        assertThat(memory.tryTakeIndex(1)).isFalse();
        assertThat(appender.reserve(1)).isNull();
        memory.giveIndex(4 * SEGMENT);
        assertThat(reserved(1).bytes()).isNotSameAs(first.bytes());
    }

    @Test
    void bytesNobodyHoldsAreOverwrittenWhileAssertionsAreOn() {
        TransitRegion region = reserved(8);
        region.bytes()[3] = 7;
        region.release();
        reserved(8);
        assertThat(region.bytes()[3]).isEqualTo((byte) 0xDB);
    }

    private TransitRegion reserved(int lengthBytes) {
        return Objects.requireNonNull(appender.reserve(lengthBytes), budget::toString);
    }
}
