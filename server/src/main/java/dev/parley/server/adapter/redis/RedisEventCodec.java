package dev.parley.server.adapter.redis;

import dev.parley.server.adapter.redis.BusItem.ForUser;
import dev.parley.server.adapter.redis.BusItem.InRoom;
import dev.parley.server.adapter.redis.BusItem.Passing;
import dev.parley.server.adapter.redis.BusItem.RoomHead;
import dev.parley.server.adapter.redis.BusItem.UserHead;
import dev.parley.server.base.DeviceId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EphemeralEvent.AccessReduced;
import dev.parley.server.domain.event.EphemeralEvent.PresenceChanged;
import dev.parley.server.domain.event.EphemeralEvent.Read;
import dev.parley.server.domain.event.EphemeralEvent.Received;
import dev.parley.server.domain.event.EphemeralEvent.Signal;
import dev.parley.server.domain.event.EphemeralEvent.SignedOut;
import dev.parley.server.domain.event.EphemeralEvent.Typing;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.event.RoomEvent.MemberJoined;
import dev.parley.server.domain.event.RoomEvent.MemberLeft;
import dev.parley.server.domain.event.RoomEvent.MemberRoleChanged;
import dev.parley.server.domain.event.RoomEvent.MessageDeleted;
import dev.parley.server.domain.event.RoomEvent.MessageEdited;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.event.RoomEvent.Pinned;
import dev.parley.server.domain.event.RoomEvent.Reacted;
import dev.parley.server.domain.event.RoomEvent.RoomChanged;
import dev.parley.server.domain.event.RoomEvent.Stamp;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.event.UserEvent.ReadMoved;
import dev.parley.server.domain.event.UserEvent.RoomJoined;
import dev.parley.server.domain.event.UserEvent.RoomLeft;
import dev.parley.server.domain.event.UserEvent.TaskDue;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// One [BusItem] in binary, between nodes that may be of different versions.
///
/// An item is its family, its length, and for durable events the place in the log before the kind,
/// so that a node that does not know a kind still learns where the log stands. Kinds are never
/// reused and fields only ever added at the end.
final class RedisEventCodec {
  private static final byte IN_ROOM = 1;
  private static final byte FOR_USER = 2;
  private static final byte PASSING = 3;

  private final int largest;

  /// @param largest bytes of one item; of a larger durable event only its position is written, and
  ///   of a larger passing one nothing
  RedisEventCodec(int largest) {
    this.largest = largest;
  }

  /// Writes an item.
  ///
  /// @return whether all of it was small enough
  boolean write(ByteBuf out, BusItem item) {
    int start = out.writerIndex();
    out.writeByte(family(item)).writeInt(0);
    int body = out.writerIndex();
    writeBody(out, item);
    boolean fits = out.writerIndex() - body <= largest;
    if (!fits) {
      out.writerIndex(body);
      switch (item) {
        case InRoom(var event) -> writePlace(out, event.room(), event.pos());
        case ForUser(var event) -> writePlace(out, event.user(), event.pos());
        case RoomHead _, UserHead _, Passing _ -> out.writerIndex(start);
      }
    }
    if (out.writerIndex() > start) {
      out.setInt(start + 1, out.writerIndex() - body);
    }
    return fits;
  }

  /// Reads the next item; empty if this version does not know it.
  ///
  /// @throws RuntimeException if it is damaged; the rest of the message is worthless
  Optional<BusItem> read(ByteBuf in) {
    byte family = in.readByte();
    var body = in.readSlice(in.readInt());
    return switch (family) {
      case IN_ROOM -> Optional.of(readInRoom(body));
      case FOR_USER -> Optional.of(readForUser(body));
      case PASSING -> readPassing(body).map(Passing::new);
      default -> Optional.empty();
    };
  }

  private static byte family(BusItem item) {
    return switch (item) {
      case InRoom _, RoomHead _ -> IN_ROOM;
      case ForUser _, UserHead _ -> FOR_USER;
      case Passing _ -> PASSING;
    };
  }

  private static void writeBody(ByteBuf out, BusItem item) {
    switch (item) {
      case InRoom(var event) -> {
        writePlace(out, event.room(), event.pos());
        writeInRoom(out, event);
      }
      case RoomHead(var room, var pos) -> writePlace(out, room, pos);
      case ForUser(var event) -> {
        writePlace(out, event.user(), event.pos());
        writeForUser(out, event);
      }
      case UserHead(var user, var pos) -> writePlace(out, user, pos);
      case Passing(var event) -> writePassing(out, event);
    }
  }

  private static void writePlace(ByteBuf out, RoomId room, long pos) {
    Bytes.room(out, room);
    out.writeLong(pos);
  }

  private static void writePlace(ByteBuf out, UserId user, long pos) {
    Bytes.user(out, user);
    out.writeLong(pos);
  }

  // ---- events of rooms

  private static void writeInRoom(ByteBuf out, RoomEvent event) {
    out.writeByte(kind(event));
    Bytes.org(out, event.stamp().org());
    Bytes.instant(out, event.stamp().at());
    Bytes.user(out, event.actor());
    switch (event) {
      case MessagePosted e -> writePosted(out, e);
      case MessageEdited e -> {
        out.writeLong(e.messageId());
        Bytes.optional(out, e.content(), Bytes::text);
      }
      case MessageDeleted e -> out.writeLong(e.messageId());
      case Reacted e -> {
        out.writeLong(e.messageId());
        Bytes.text(out, e.emoji());
        out.writeBoolean(e.added());
      }
      case Pinned e -> out.writeLong(e.messageId()).writeBoolean(e.added());
      case MemberJoined e -> {
        Bytes.user(out, e.member());
        Bytes.text(out, e.role());
      }
      case MemberLeft e -> {
        Bytes.user(out, e.member());
        Bytes.text(out, e.reason().name());
      }
      case MemberRoleChanged e -> {
        Bytes.user(out, e.member());
        Bytes.text(out, e.role());
      }
      case RoomChanged e -> {
        Bytes.text(out, e.name());
        Bytes.text(out, e.topic());
        out.writeBoolean(e.archived());
      }
    }
  }

  private static int kind(RoomEvent event) {
    return switch (event) {
      case MessagePosted _ -> 1;
      case MessageEdited _ -> 2;
      case MessageDeleted _ -> 3;
      case Reacted _ -> 4;
      case Pinned _ -> 5;
      case MemberJoined _ -> 6;
      case MemberLeft _ -> 7;
      case MemberRoleChanged _ -> 8;
      case RoomChanged _ -> 9;
    };
  }

  private static BusItem readInRoom(ByteBuf in) {
    var room = Bytes.room(in);
    long pos = in.readLong();
    if (!in.isReadable()) {
      return new RoomHead(room, pos);
    }
    byte kind = in.readByte();
    var stamp = new Stamp(Bytes.org(in), room, pos, Bytes.instant(in));
    var actor = Bytes.user(in);
    return switch (kind) {
      case 1 -> new InRoom(readPosted(in, stamp, actor));
      case 2 ->
          new InRoom(
              new MessageEdited(stamp, actor, in.readLong(), Bytes.optional(in, Bytes::text)));
      case 3 -> new InRoom(new MessageDeleted(stamp, actor, in.readLong()));
      case 4 ->
          new InRoom(new Reacted(stamp, actor, in.readLong(), Bytes.text(in), in.readBoolean()));
      case 5 -> new InRoom(new Pinned(stamp, actor, in.readLong(), in.readBoolean()));
      case 6 -> new InRoom(new MemberJoined(stamp, actor, Bytes.user(in), Bytes.text(in)));
      case 7 ->
          new InRoom(
              new MemberLeft(stamp, actor, Bytes.user(in), LeaveReason.valueOf(Bytes.text(in))));
      case 8 -> new InRoom(new MemberRoleChanged(stamp, actor, Bytes.user(in), Bytes.text(in)));
      case 9 ->
          new InRoom(
              new RoomChanged(stamp, actor, Bytes.text(in), Bytes.text(in), in.readBoolean()));
      default -> new RoomHead(room, pos);
    };
  }

  private static void writePosted(ByteBuf out, MessagePosted event) {
    out.writeLong(event.seq()).writeLong(event.messageId());
    Bytes.uuid(out, event.op());
    Bytes.optional(out, event.content(), Bytes::text);
    Bytes.optional(out, event.threadId());
    Bytes.texts(out, event.attachments());
    Bytes.labels(out, event.labels());
  }

  private static MessagePosted readPosted(ByteBuf in, Stamp stamp, UserId actor) {
    return new MessagePosted(
        stamp,
        actor,
        in.readLong(),
        in.readLong(),
        Bytes.uuid(in),
        Bytes.optional(in, Bytes::text),
        Bytes.optionalLong(in),
        Bytes.texts(in),
        Bytes.labels(in));
  }

  // ---- events of users

  private static void writeForUser(ByteBuf out, UserEvent event) {
    switch (event) {
      case RoomJoined e -> {
        out.writeByte(1);
        Bytes.org(out, e.org());
        Bytes.room(out, e.room());
        out.writeLong(e.roomPos());
      }
      case RoomLeft e -> {
        out.writeByte(2);
        Bytes.org(out, e.org());
        Bytes.room(out, e.room());
        Bytes.text(out, e.reason().name());
      }
      case ReadMoved e -> {
        out.writeByte(3);
        Bytes.org(out, e.org());
        Bytes.room(out, e.room());
        out.writeLong(e.messageId()).writeLong(e.seq());
      }
      case TaskDue e -> {
        out.writeByte(4);
        Bytes.org(out, e.org());
        Bytes.uuid(out, e.task().value());
        Bytes.text(out, e.title());
        Bytes.instant(out, e.dueAt());
      }
    }
  }

  private static BusItem readForUser(ByteBuf in) {
    var user = Bytes.user(in);
    long pos = in.readLong();
    if (!in.isReadable()) {
      return new UserHead(user, pos);
    }
    return switch (in.readByte()) {
      case 1 ->
          new ForUser(new RoomJoined(user, pos, Bytes.org(in), Bytes.room(in), in.readLong()));
      case 2 ->
          new ForUser(
              new RoomLeft(
                  user, pos, Bytes.org(in), Bytes.room(in), LeaveReason.valueOf(Bytes.text(in))));
      case 3 ->
          new ForUser(
              new ReadMoved(
                  user, pos, Bytes.org(in), Bytes.room(in), in.readLong(), in.readLong()));
      case 4 ->
          new ForUser(
              new TaskDue(
                  user,
                  pos,
                  Bytes.org(in),
                  new TaskId(Bytes.uuid(in)),
                  Bytes.text(in),
                  Bytes.instant(in)));
      default -> new UserHead(user, pos);
    };
  }

  // ---- what is not kept

  private static void writePassing(ByteBuf out, EphemeralEvent event) {
    switch (event) {
      case Typing e -> {
        out.writeByte(1);
        Bytes.room(out, e.room());
        Bytes.user(out, e.user());
        out.writeBoolean(e.active());
      }
      case Read e -> {
        out.writeByte(2);
        Bytes.room(out, e.room());
        Bytes.user(out, e.user());
        out.writeLong(e.messageId()).writeLong(e.seq());
      }
      case SignedOut e -> {
        out.writeByte(3);
        Bytes.user(out, e.user());
        Bytes.optional(out, e.device().map(DeviceId::value), Bytes::uuid);
        Bytes.optional(out, e.except().map(DeviceId::value), Bytes::uuid);
      }
      case PresenceChanged e -> {
        out.writeByte(4);
        Bytes.user(out, e.user());
        out.writeBoolean(e.online());
        Bytes.instant(out, e.at());
        Bytes.rooms(out, e.rooms());
      }
      case Received e -> {
        out.writeByte(7);
        Bytes.room(out, e.room());
        Bytes.user(out, e.user());
        out.writeLong(e.first()).writeLong(e.last());
      }
      case Signal e -> {
        out.writeByte(5);
        Bytes.room(out, e.room());
        Bytes.user(out, e.user());
        Bytes.text(out, e.username());
        Bytes.text(out, e.kind());
        Bytes.text(out, e.payload());
        Bytes.optional(out, e.to().map(UserId::value), Bytes::text);
        out.writeBoolean(e.echo());
      }
      case AccessReduced e -> {
        out.writeByte(6);
        Bytes.org(out, e.org());
        Bytes.user(out, e.user());
      }
    }
  }

  private static Optional<EphemeralEvent> readPassing(ByteBuf in) {
    return switch (in.readByte()) {
      case 1 -> Optional.of(new Typing(Bytes.room(in), Bytes.user(in), in.readBoolean()));
      case 2 -> Optional.of(new Read(Bytes.room(in), Bytes.user(in), in.readLong(), in.readLong()));
      case 3 ->
          Optional.of(
              new SignedOut(
                  Bytes.user(in),
                  Bytes.optional(in, Bytes::uuid).map(DeviceId::new),
                  Bytes.optional(in, Bytes::uuid).map(DeviceId::new)));
      case 4 ->
          Optional.of(
              new PresenceChanged(
                  Bytes.user(in), in.readBoolean(), Bytes.instant(in), Bytes.rooms(in)));
      case 5 ->
          Optional.of(
              new Signal(
                  Bytes.room(in),
                  Bytes.user(in),
                  Bytes.text(in),
                  Bytes.text(in),
                  Bytes.text(in),
                  Bytes.optional(in, Bytes::text).map(UserId::new),
                  in.readBoolean()));
      case 6 -> Optional.of(new AccessReduced(Bytes.org(in), Bytes.user(in)));
      case 7 ->
          Optional.of(new Received(Bytes.room(in), Bytes.user(in), in.readLong(), in.readLong()));
      default -> Optional.empty();
    };
  }
}
