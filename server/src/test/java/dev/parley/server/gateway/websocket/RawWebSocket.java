package dev.parley.server.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/// A client with no manners of its own: a socket that sends any bytes and reads frames.
public final class RawWebSocket implements AutoCloseable {
  public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private final Socket socket;
  private final DataInputStream in;

  public RawWebSocket(int port) throws IOException {
    this(SocketFactory.getDefault(), port);
  }

  public RawWebSocket(SocketFactory sockets, int port) throws IOException {
    socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /// A request that every WebSocket server accepts.
  public static String request(String path, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: "
        + KEY
        + "\r\n"
        + more
        + "\r\n";
  }

  public RawWebSocket send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawWebSocket send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  public RawWebSocket send(ClientFrames frames) throws IOException {
    return send(frames.bytes());
  }

  /// The answer's head, to the empty line.
  public String head() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  public RawWebSocket open(String path) throws IOException {
    send(request(path));
    assertThat(head()).startsWith("HTTP/1.1 101 ");
    return this;
  }

  /// The next frame, as its first byte in hex, a blank and the payload as text; a Close as its code
  /// and reason.
  public String frame() throws IOException {
    int head = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    byte[] payload = in.readNBytes(length);
    if (head == 0x88 && length >= 2) {
      return "88 "
          + ByteBuffer.wrap(payload).getShort()
          + " "
          + new String(payload, 2, length - 2, StandardCharsets.UTF_8);
    }
    return "%02x ".formatted(head) + new String(payload, StandardCharsets.UTF_8);
  }

  public void skip(int bytes) throws IOException {
    in.skipNBytes(bytes);
  }

  /// Whether the server closes before anything else comes.
  public boolean atEnd() throws IOException {
    return in.read() < 0;
  }

  public void closeOutput() throws IOException {
    socket.shutdownOutput();
  }

  /// Ends with a reset instead of a goodbye.
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
