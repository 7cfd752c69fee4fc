package dev.parley.bench.ack;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// One client socket, as cheap as can be, because it shares the processors with the server that it
/// measures: frames are masked with zero, answers are told apart by their first bytes, and nothing
/// is allocated per message.
final class LoadSocket implements AutoCloseable {
  /// Messages of one socket that may be unanswered.
  private static final int SLOTS = 1 << 16;

  /// Ids have ten digits, so that all frames are of one length.
  private static final long FIRST_ID = 1_000_000_000L;

  private static final int IN_BYTES = 128 * 1024;
  private static final int OUT_BYTES = 2 * 1024 * 1024;
  private static final byte[] OK = bytes("{\"type\":\"ok\",\"id\":");
  private static final byte[] SEQ = bytes("\"seq\":");
  private static final byte[] POS = bytes("\"pos\":");
  private static final byte[] MESSAGE = bytes("{\"type\":\"message\"");
  private static final byte[] ERROR = bytes("{\"type\":\"error\"");
  private static final byte[] BEHIND = bytes("{\"type\":\"behind\"");
  private static final byte[] PING = bytes("{\"type\":\"ping\"");
  private static final byte[] LIVE = bytes("{\"type\":\"live\"");
  private static final int BEHIND_ROOM = "{\"type\":\"behind\",\"room_id\":\"".length();
  private static final int ROOM_LENGTH = 36;
  private static final int PULL_ID = 2;
  private static final int PING_OPCODE = 0x89;
  private static final int CLOSE_OPCODE = 0x88;

  private final SocketChannel channel;
  private final Tally tally;
  private final ByteBuffer in = ByteBuffer.allocate(IN_BYTES);
  private final ByteBuffer out = ByteBuffer.allocate(OUT_BYTES);
  private final long[] sentNanos = new long[SLOTS];
  private long sent;
  private int unanswered;
  private int acked;
  private long lastPos;
  private boolean live;
  private String pullRoom = "";

  private LoadSocket(SocketChannel channel, Tally tally) {
    this.channel = channel;
    this.tally = tally;
  }

  /// Connects, says hello and waits until the session is live.
  static LoadSocket open(URI server, String token, Tally tally) throws IOException {
    var channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    var socket = new LoadSocket(channel, tally);
    socket.shakeHands(server, token);
    socket.write(bytes("{\"type\":\"hello\",\"id\":1}"));
    socket.flush();
    while (!socket.live) {
      socket.read();
    }
    channel.configureBlocking(false);
    return socket;
  }

  SocketChannel channel() {
    return channel;
  }

  int unanswered() {
    return unanswered;
  }

  /// How many messages were acknowledged since the last call.
  int takeAcked() {
    int count = acked;
    acked = 0;
    return count;
  }

  boolean hasOutput() {
    return out.position() > 0;
  }

  /// A room that nothing has been heard of on this socket follows: the order of its log is checked
  /// from its first message on.
  void forgetOrder() {
    lastPos = 0;
  }

  /// Queues one message.
  ///
  /// @param nanos when it should have been sent
  void send(Draft draft, long nanos) {
    long number = sent++;
    sentNanos[(int) (number % SLOTS)] = nanos;
    unanswered++;
    draft.stamp(FIRST_ID + number);
    out.put(draft.frame());
  }

  void flush() throws IOException {
    out.flip();
    channel.write(out);
    out.compact();
  }

  /// Takes what has come.
  void read() throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException("the server closed a socket");
    }
    in.flip();
    while (frame()) {}
    in.compact();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void shakeHands(URI server, String token) throws IOException {
    var request =
        """
        GET /ws HTTP/1.1\r
        Host: %s:%d\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
        Sec-WebSocket-Protocol: parley.v1\r
        Authorization: Bearer %s\r
        \r
        """
            .formatted(server.getHost(), server.getPort(), token);
    out.put(bytes(request));
    flush();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      if (channel.read(in) < 0) {
        throw new EOFException("the server closed a handshake");
      }
      in.flip();
      while (in.hasRemaining() && head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.get());
      }
      in.compact();
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("no socket: " + head);
    }
  }

  private void write(byte[] text) {
    out.put(Draft.frame(text));
  }

  /// Handles one whole frame, if there is one.
  private boolean frame() throws IOException {
    int start = in.position();
    if (in.remaining() < 2) {
      return false;
    }
    int length = in.get(start + 1) & 0x7F;
    int header = length == 126 ? 4 : length == 127 ? 10 : 2;
    if (in.remaining() < header) {
      return false;
    }
    if (header == 4) {
      length = in.getShort(start + 2) & 0xFFFF;
    } else if (header == 10) {
      length = (int) in.getLong(start + 2);
    }
    if (in.remaining() < header + length) {
      return false;
    }
    int opcode = in.get(start) & 0xFF;
    if (opcode == CLOSE_OPCODE) {
      throw new EOFException("the server said Close");
    } else if (opcode == PING_OPCODE) {
      out.put(new byte[] {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0});
    } else {
      text(in.array(), start + header, length);
    }
    in.position(start + header + length);
    return true;
  }

  private void text(byte[] frame, int at, int length) {
    if (starts(frame, at, length, OK)) {
      ok(frame, at, length);
    } else if (starts(frame, at, length, MESSAGE)) {
      message(frame, at, length);
    } else if (starts(frame, at, length, LIVE)) {
      live = true;
    } else if (starts(frame, at, length, PING)) {
      write(bytes("{\"type\":\"pong\"}"));
    } else if (starts(frame, at, length, BEHIND)) {
      behind(frame, at);
    } else if (starts(frame, at, length, ERROR)) {
      tally.fault(new String(frame, at, length, StandardCharsets.UTF_8));
    }
  }

  private void ok(byte[] frame, int at, int length) {
    long id = number(frame, at + OK.length);
    if (id == PULL_ID) {
      pulled(new String(frame, at, length, StandardCharsets.UTF_8));
      return;
    }
    long number = id - FIRST_ID;
    if (number < 0 || number >= sent) {
      return;
    }
    unanswered--;
    acked++;
    tally.acked(
        this,
        sentNanos[(int) (number % SLOTS)],
        number(frame, find(frame, at + OK.length, at + length, SEQ)));
  }

  /// We were too slow for the server, which happens when it takes both processors: fetch what was
  /// left out.
  private void behind(byte[] frame, int at) {
    tally.behind();
    pullRoom = new String(frame, at + BEHIND_ROOM, ROOM_LENGTH, StandardCharsets.UTF_8);
    pull();
  }

  private void pulled(String answer) {
    if (answer.contains("\"more\":true")) {
      pull();
    }
  }

  private void pull() {
    write(
        bytes(
            "{\"type\":\"pull\",\"id\":%d,\"room_id\":\"%s\",\"after\":%d,\"limit\":500}"
                .formatted(PULL_ID, pullRoom, lastPos)));
  }

  private void message(byte[] frame, int at, int length) {
    long pos = number(frame, find(frame, at + MESSAGE.length, at + length, POS));
    if (lastPos != 0 && pos != lastPos + 1) {
      tally.fault("pos " + pos + " came after " + lastPos);
    }
    lastPos = pos;
    tally.delivered();
  }

  private static boolean starts(byte[] frame, int at, int length, byte[] start) {
    if (length < start.length) {
      return false;
    }
    // The first bytes are the same for all types.
    for (int i = start.length - 1; i >= 0; i--) {
      if (frame[at + i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  /// The index behind a text.
  private static int find(byte[] frame, int from, int end, byte[] text) {
    for (int i = from; i + text.length < end; i++) {
      if (starts(frame, i, text.length, text)) {
        return i + text.length;
      }
    }
    throw new IllegalStateException("a frame lacks " + new String(text, StandardCharsets.UTF_8));
  }

  private static long number(byte[] frame, int at) {
    long value = 0;
    for (int i = at; frame[i] >= '0' && frame[i] <= '9'; i++) {
      value = 10 * value + frame[i] - '0';
    }
    return value;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
