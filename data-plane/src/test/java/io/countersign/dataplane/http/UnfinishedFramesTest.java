package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2CodecUtil;
import org.junit.jupiter.api.Test;

class UnfinishedFramesTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private final UnfinishedFrames frames = new UnfinishedFrames();
    private final ByteBuf in = Unpooled.buffer().writeBytes(Http2CodecUtil.connectionPrefaceBuf());

    @Test
    void aBlockOfFieldsIsHeldUntilItsEnd() {
        // Given
        frame(HEADERS, 0, 100).frame(CONTINUATION, 0, 50);

        // When
        taken();

        // Then
        assertThat(frames.held(7)).isEqualTo(157);
        assertThat(frames.isHead()).isTrue();

        // When
        frame(CONTINUATION, END_HEADERS, 10).taken();

        // Then
        assertThat(frames.held(0)).isZero();
        assertThat(frames.isHead()).isFalse();
        assertThat(frames.isAnew()).isTrue();
        assertThat(frames.isAnew()).isFalse();
    }

    @Test
    void aFrameOfWhichAPartHasComeIsAHeadIfItBringsFields() {
        // Given
        frame(DATA, 0, 100).taken();

        // When all but its payload's end is taken
        frame(HEADERS, END_HEADERS, 100).takenBut(1);

        // Then
        assertThat(frames.isHead()).isTrue();

        // When
        taken();

        // Then
        assertThat(frames.isHead()).isFalse();
    }

    @Test
    void bodiesAndWhatIsEmptyAreNoHeads() {
        // Given, When
        frame(DATA, 0, 0).frame(HEADERS, END_HEADERS, 0).frame(DATA, 0, 100).takenBut(1);

        // Then
        assertThat(frames.isHead()).isFalse();
        assertThat(frames.held(99)).isEqualTo(99);
    }

    private UnfinishedFramesTest frame(int type, int flags, int payload) {
        in.writeMedium(payload).writeByte(type).writeByte(flags).writeInt(1).writeZero(payload);
        return this;
    }

    private void taken() {
        takenBut(0);
    }

    private void takenBut(int unread) {
        var to = in.writerIndex() - unread;
        frames.taken(in, in.readerIndex(), to);
        in.readerIndex(to);
    }
}
