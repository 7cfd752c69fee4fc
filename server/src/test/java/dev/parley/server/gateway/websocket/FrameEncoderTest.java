package dev.parley.server.gateway.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameEncoderTest {
  private final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;

  @ParameterizedTest
  @CsvSource({
    "0,8100",
    "1,8101",
    "125,817d",
    "126,817e007e",
    "65535,817effff",
    "65536,817f0000000000010000"
  })
  void sealsInPlace(int length, String header) {
    ByteBuf payload = FrameEncoder.open(allocator, 16);
    payload.writeBytes("x".repeat(length).getBytes(UTF_8));
    ByteBuf frame = FrameEncoder.sealText(payload);
    assertThat(frame).isSameAs(payload);
    assertThat(ByteBufUtil.hexDump(frame, frame.readerIndex(), header.length() / 2))
        .isEqualTo(header);
    assertThat(frame.readableBytes()).isEqualTo(header.length() / 2 + length);
    frame.release();
  }

  @Test
  void copiesAPayloadAndLeavesItAlone() {
    ByteBuf payload = Unpooled.copiedBuffer("Hello", UTF_8);
    assertThat(ByteBufUtil.hexDump(FrameEncoder.text(allocator, payload)))
        .isEqualTo("810548656c6c6f");
    assertThat(ByteBufUtil.hexDump(FrameEncoder.binary(allocator, payload)))
        .isEqualTo("820548656c6c6f");
    assertThat(ByteBufUtil.hexDump(FrameEncoder.ping(allocator, payload)))
        .isEqualTo("890548656c6c6f");
    assertThat(ByteBufUtil.hexDump(FrameEncoder.pong(allocator, payload)))
        .isEqualTo("8a0548656c6c6f");
    assertThat(payload.readableBytes()).isEqualTo(5);
    assertThat(ByteBufUtil.hexDump(FrameEncoder.text(allocator, "é"))).isEqualTo("8102c3a9");
  }

  @Test
  void cutsALongReasonAtACharacter() {
    ByteBuf frame = FrameEncoder.close(allocator, 4400, "x" + "😀".repeat(40));
    assertThat(frame.readableBytes()).isEqualTo(2 + 2 + 121);
    assertThat(frame.toString(frame.readerIndex() + 4, 121, UTF_8)).doesNotContain("\uFFFD");
    assertThat(ByteBufUtil.hexDump(FrameEncoder.close(allocator, 1005, "ignored")))
        .isEqualTo("8800");
    assertThat(ByteBufUtil.hexDump(FrameEncoder.close(allocator, 1000, ""))).isEqualTo("880203e8");
  }

  @Test
  void refusesALongControlFrame() {
    assertThatThrownBy(() -> FrameEncoder.ping(allocator, Unpooled.buffer().writeZero(126)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
