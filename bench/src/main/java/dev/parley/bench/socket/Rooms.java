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
  private final Map<String, Room> rooms = new ConcurrentHashMap<>();

  WebSocketListener join(String name, WebSocket socket) {
    var room = rooms.computeIfAbsent(name, unknown -> new Room(socket.eventLoop()));
    var part = room.parts.computeIfAbsent(socket.eventLoop(), Part::new);
    part.members.add(socket);
    return new Member(room, part, socket);
  }

  /// Its home decides the order.
  private static final class Room {
    private final EventLoop home;
    private final Map<EventLoop, Part> parts = new ConcurrentHashMap<>();

    Room(EventLoop home) {
      this.home = home;
    }

    void send(ByteBuf frame) {
      for (Part part : parts.values()) {
        ByteBuf shared = frame.retainedDuplicate();
        on(part.eventLoop, () -> part.send(shared));
      }
      frame.release();
    }

    static void on(EventLoop eventLoop, Runnable task) {
      if (eventLoop.inEventLoop()) {
        task.run();
      } else {
        eventLoop.execute(task);
      }
    }
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

  private record Member(Room room, Part part, WebSocket socket) implements WebSocketListener {
    @Override
    public void text(ByteBuf message) {
      ByteBuf frame = FrameEncoder.text(message.alloc(), message);
      Room.on(room.home, () -> room.send(frame));
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
