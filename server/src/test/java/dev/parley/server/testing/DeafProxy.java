package dev.parley.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/// A wire whose connections can fall silent without being closed, as when the other machine
/// vanishes; those that are opened afterwards work.
public final class DeafProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final AtomicInteger generation = new AtomicInteger();

  public DeafProxy(int targetPort) {
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// From now on nothing passes on the connections that are open.
  public void goDeaf() {
    generation.incrementAndGet();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        var server = new Socket();
        server.connect(target);
        int born = generation.get();
        Thread.ofVirtual().start(() -> pump(client, server, born));
        Thread.ofVirtual().start(() -> pump(server, client, born));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pump(Socket from, Socket to, int born) {
    var buffer = new byte[65_536];
    try (from;
        to) {
      var in = from.getInputStream();
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        if (generation.get() == born) {
          to.getOutputStream().write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // Either side has gone.
    }
  }
}
