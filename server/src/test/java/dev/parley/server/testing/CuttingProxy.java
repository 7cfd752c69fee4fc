package dev.parley.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/// A wire to PostgreSQL that can be cut at the worst moment: after the database has committed and
/// before its answer arrives.
public final class CuttingProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final AtomicReference<Runnable> armed = new AtomicReference<>();

  public CuttingProxy(InetSocketAddress target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Cuts the connection that commits next, once the database has answered; runs something between
  /// the two.
  public void cutTheNextCommit(Runnable between) {
    armed.set(between);
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
        var wire = new Wire(client, server);
        Thread.ofVirtual().start(() -> wire.up(armed));
        Thread.ofVirtual().start(wire::down);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static final class Wire {
    private final Socket client;
    private final Socket server;
    private final AtomicReference<Runnable> cut = new AtomicReference<>();

    Wire(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void up(AtomicReference<Runnable> armed) {
      pump(
          client,
          server,
          text -> {
            if (text.contains("COMMIT")) {
              cut.set(armed.getAndSet(null));
            }
            return true;
          });
    }

    void down() {
      pump(
          server,
          client,
          text -> {
            var between = cut.get();
            if (between != null) {
              between.run();
            }
            return between == null;
          });
    }

    private static void pump(Socket from, Socket to, Gate gate) {
      var buffer = new byte[65_536];
      try (from;
          to) {
        InputStream in = from.getInputStream();
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
          if (!gate.passes(new String(buffer, 0, n, StandardCharsets.ISO_8859_1))) {
            return;
          }
          to.getOutputStream().write(buffer, 0, n);
        }
      } catch (IOException e) {
        // Either side has gone.
      }
    }
  }

  @FunctionalInterface
  private interface Gate {
    boolean passes(String text);
  }
}
