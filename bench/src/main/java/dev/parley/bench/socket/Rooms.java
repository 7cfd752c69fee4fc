package dev.parley.bench.socket;

import dev.parley.server.gateway.websocket.FrameEncoder;
import dev.parley.server.gateway.websocket.WebSocket;
import dev.parley.server.gateway.websocket.WebSocketListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The plainest broadcast that the frame layer allows: one frame per message for all, one hop per
/// event loop, one flush per member and turn of the loop.
final class Rooms {
  private final Map<String, Map<EventLoop, Part>> rooms = new ConcurrentHashMap<>();

  WebSocketListener join(String room, WebSocket socket) {
    var parts = rooms.computeIfAbsent(room, name -> new ConcurrentHashMap<>());
    var part = parts.computeIfAbsent(socket.eventLoop(), Part::new);
    part.members.add(socket);
    return new Member(parts, part, socket);
  }

  /// The members of a room on one event loop.
  private static final class Part {
    private final EventLoop eventLoop;
    private final List<WebSocket> members = new ArrayList<>();
    private boolean flushing;

    Part(EventLoop eventLoop) {
      this.eventLoop = eventLoop;
    }

    void send(ByteBuf frame) {
      for (WebSocket member : members) {
        member.write(frame);
      }
      frame.release();
      if (!flushing) {
        flushing = true;
        eventLoop.execute(this::flush);
      }
    }

    private void flush() {
      flushing = false;
      for (WebSocket member : members) {
        member.flush();
      }
    }
  }

  private record Member(Map<EventLoop, Part> parts, Part part, WebSocket socket)
      implements WebSocketListener {
    @Override
    public void text(ByteBuf message) {
      ByteBuf frame = FrameEncoder.text(message.alloc(), message);
      for (Part other : parts.values()) {
        ByteBuf shared = frame.retainedDuplicate();
        if (other == part) {
          other.send(shared);
        } else {
          other.eventLoop.execute(() -> other.send(shared));
        }
      }
      frame.release();
    }

    @Override
    public void binary(ByteBuf message) {}

    @Override
    public void failed(Throwable cause) {
      cause.printStackTrace();
    }

    @Override
    public void closed(int code) {
      part.members.remove(socket);
    }
  }
}
