package dev.parley.server.rest.openapi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The meaning of every name that occurs in bodies and paths, with an example: one name means the
/// same everywhere.
final class Vocabulary {
  private static final String USER = "0199a3c4-5d2e-7c11-9d4e-0f6b8a2c1e55";
  private static final String ROOM = "0199a3c6-1b7f-7a20-8c3d-5e9f7b6a4d21";
  private static final String ORG = "0199a3c5-8e10-7f43-b2a1-c4d5e6f70819";
  private static final String DEVICE = "0199a3c4-5d31-7b08-a6f2-3c4d5e6f7a8b";
  private static final String TIME = "2026-11-21T08:30:00.123456Z";

  private static final Map<String, Object> MESSAGE =
      Map.ofEntries(
          Map.entry("message_id", 9001),
          Map.entry("room_id", ROOM),
          Map.entry("seq", 403),
          Map.entry("pos", 561),
          Map.entry("user_id", USER),
          Map.entry("op", "0199a3c7-4a55-7d10-9e8f-7a6b5c4d3e2f"),
          Map.entry("content", "hello @ann"),
          Map.entry("deleted", false),
          Map.entry("attachments", List.of()),
          Map.entry("timestamp", TIME),
          Map.entry("pinned", false),
          Map.entry("reactions", List.of()));

  private static final Map<String, Word> WORDS =
      Stream.of(
              word(
                  "access_token",
                  "Shown as `Authorization: Bearer …`; good for 15 minutes",
                  "eyJhbGciOi…"),
              word("accept", "Media types that the client wants", "application/json"),
              word("assignee_id", "Who has to do it, and is reminded", USER),
              word("at", "When it was raised (RFC 3339, UTC)", TIME),
              word("completed_at", "Since when it is completed", TIME),
              word("description", "At most 10,000 characters", "by bank transfer"),
              word("due_date", "Until when; the reminder comes then (RFC 3339)", TIME),
              word("event", "The event as the socket tells it", Map.of()),
              word("full_name", "The whole name of a person", "Ann Example"),
              word("me", "The place in your own log: 1, 2, 3 … without holes", 8130),
              word(
                  "next", "Hand it in as `after` to get the next page", "1763713800123456." + ROOM),
              word("notifications", "Notifications, newest first", List.of()),
              word("priority", "How much it matters", "medium"),
              word("reminded_at", "When the reminder of this due date was raised", TIME),
              word("seen", "Whether you have seen it", false),
              word("seen_me", "The place in your own log up to which you have seen all", 8121),
              word("task_id", "The task", ROOM),
              word("tasks", "Tasks", List.of()),
              word("TaskView.title", "At most 255 characters", "Pay the rent"),
              word("CreateTask.title", "At most 255 characters", "Pay the rent"),
              word("ChangeTask.title", "At most 255 characters", "Pay the rent"),
              word("TaskView.status", "How far the task is", "pending"),
              word("ChangeTask.status", "How far the task is", "completed"),
              word("updated_at", "When it was last changed (RFC 3339, UTC)", TIME),
              word("active", "Whether it is so", true),
              word("after", "Only what comes after this", 551),
              word("archived", "Whether the room is closed for writing", false),
              word("attachments", "Ids of files", List.of()),
              word("banned", "Whether the user is banned", false),
              word("checks", "One entry per thing that the server needs", List.of()),
              word(
                  "code", "A stable code (of an error), or the code of an invitation", "not_found"),
              word(
                  "content",
                  "The text; at most 65,536 bytes of UTF-8; absent if deleted",
                  "hello @ann"),
              word("count", "How many", 2),
              word("created_at", "When it was made (RFC 3339, UTC)", TIME),
              word("created_by", "Who made it", USER),
              word("current", "Whether it is the device that asks", true),
              word("current_password", "The password until now", "correct horse battery"),
              word("deleted", "Whether the content is gone for good", false),
              word("detail", "What is the case now", "no such room"),
              word("device_id", "One place where the account is signed in", DEVICE),
              word("device_name", "How you will recognise the device", "my laptop"),
              word("devices", "Devices, last seen first", List.of()),
              word("display_name", "The name to be shown", "Ann"),
              word("duplicate", "Whether this is the answer to an earlier, equal request", false),
              word("edited_at", "When the content was last changed", TIME),
              word("email", "An address; nobody else sees it", "ann@example.org"),
              word("emoji", "A reaction; at most 64 bytes of UTF-8", "👍"),
              word("epoch", "Names this history of the log", "k3"),
              word("events", "Events, ascending by `pos` without a hole", List.of()),
              word("expires_at", "Until when it is good", TIME),
              word("expires_in", "Seconds from now", 86_400),
              word("joined_at", "Since when", TIME),
              word("kind", "How people get into the room", "public"),
              word("last_seen_at", "When it last got new tokens", TIME),
              word("mark", "Hand it in again to be told only what changed since", "1:8121"),
              word("truncated", "Whether there is more than was asked for", false),
              word("members", "Members, ascending by user id", List.of()),
              word("mentions", "Mentions of you that you have not read", 1),
              word("message_id", "Names the message everywhere; an integer below 2^53", 9001),
              word("messages", "Messages", List.of()),
              word("more", "Whether there is another page", false),
              word("name", "At most 100 characters", "general"),
              word("new_password", "The password from now on", "wrong horse, new battery"),
              word("op", "The client's idempotency key", "0199a3c7-4a55-7d10-9e8f-7a6b5c4d3e2f"),
              word("org_id", "The organization", ORG),
              word("orgs", "Organizations, oldest first", List.of()),
              word("password", "At least 8 characters", "correct horse battery"),
              word("pinned", "Whether it is pinned", false),
              word("pos", "The place in the room's log: 1, 2, 3 … without holes", 561),
              word("reactions", "Reactions and who chose them", List.of()),
              word("Problem.status", "The HTTP status", 404),
              word("Problem.type", "A name for the kind of error", "urn:parley:error:not_found"),
              word("read_seq", "The last message that you have read", 398),
              word(
                  "refresh_expires_at",
                  "Until when the device stays signed in without renewing",
                  TIME),
              word("refresh_token", "Good for one renewal", "5mX0…"),
              word(
                  "request_id",
                  "Quote it when you report a defect",
                  "0199a3c8-0000-7000-8000-000000000000"),
              word("retry_after_ms", "How long to wait before the same request", 1200),
              word("role", "What the member may do", "member"),
              word("room_id", "The room", ROOM),
              word("rooms", "Rooms", List.of()),
              word("seq", "The message's place in its room: 1, 2, 3 … without holes", 403),
              word("status", "How it stands", "ok"),
              word("temporary", "Whether the unchanged request may succeed later", false),
              word("text", "A text", "hello"),
              word("thread_id", "The message under which this one stands", 9001),
              word("ticket", "Opens one socket within 30 seconds: `/ws?ticket=…`", "Zk3…"),
              word("timestamp", "When (RFC 3339, UTC); never decreases within a room", TIME),
              word("title", "The same for all errors of the kind", "There is no such object."),
              word("token_type", "Always `Bearer`", "Bearer"),
              word("topic", "At most 500 characters", "everything and nothing"),
              word("type", "What it is", "message"),
              word("unread", "Messages that you have not read", 4),
              word("user_id", "The user", USER),
              word("username", "The public name; 1 to 64 characters", "ann"),
              word("users", "User ids, in the order of time", List.of()),
              word("uses", "How often it can be used, 1 to 1000", 1),
              word("client_id", "The name by which a client of the open realm goes", "alice"),
              word("connected_users", "Who has a socket for direct messages now", List.of()),
              word("group_id", "A room of the open realm, by the name its clients use", "group1"),
              word("id", "The name that the client chose, or that the server gave", "org1"),
              word("message", "What became of it, in words", "done"),
              word("recipient_id", "To whom a direct message goes", "bob"),
              word("delivered_pos", "The last event that a device of theirs has received", 560),
              word("MemberView.read_seq", "The last message that they have read", 398),
              word("file_id", "The file", "0199a3c9-3f4e-7b12-8a90-1c2d3e4f5a6b"),
              word("FileView.name", "What its uploader called it; for show only", "plan.pdf"),
              word("media_type", "The kind of the file, as its bytes tell it", "application/pdf"),
              word("size", "Bytes", 48_213),
              word(
                  "sha256",
                  "SHA-256 of the bytes, in hexadecimal",
                  "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
              word("findings", "Messages that were found, newest first", List.of()),
              word("FindingView.message", "The message", MESSAGE),
              word("highlights", "Where the words stand in the content", List.of()),
              word("start", "In UTF-16 code units", 0),
              word("end", "In UTF-16 code units, exclusive", 5),
              word("versions", "What the message has said, oldest first", List.of()),
              word("token", "An access token", "eyJhbGciOi…"),
              word("user_name", "The name of the user", "ann"),
              word("is_archived", "Whether nobody writes there any more", false),
              word(
                  "user",
                  "Who wrote it",
                  Map.of(
                      "id",
                      USER,
                      "username",
                      "ann",
                      "email",
                      "ann@example.org",
                      "avatar_url",
                      "",
                      "status",
                      "online",
                      "last_seen",
                      TIME,
                      "created_at",
                      TIME)),
              word("message_type", "text, image or file", "text"),
              word("file_url", "Where the attached file is", "/files/9f86d081"),
              word("parent_id", "The message that this one answers", 9001),
              word("creator_id", "Who made the room", USER),
              word("avatar_url", "A picture of the user", ""),
              word("last_seen", "When the user was last online (RFC 3339, UTC)", TIME),
              word("sender_id", "Who wrote it", "a"),
              word("receiver_id", "For whom it is", "b"),
              word("sender_name", "The name of who wrote it", "ann"),
              word("sender_email", "Their address", "ann@example.org"),
              word("receiver_name", "The name of whom it is for", "bob"),
              word("receiver_email", "Their address", "bob@example.org"),
              word("online", "Whether at least one socket is open", true),
              word("to", "For whom it is", "b"),
              word("GoChatMessage.id", "The number of the message", 9001),
              word("MessagingFrame.id", "The number of the message", 9001),
              word("MessageView.id", "The number of the message", 9001),
              word("OnlineUser.id", "The name of the user, or the number of the account", Map.of()),
              word("vital", "Whether the server is down without it", true))
          .collect(Collectors.toUnmodifiableMap(Word::name, word -> word));

  private Vocabulary() {}

  /// The word of a field; some records mean something of their own by a common name.
  static Optional<Word> find(Class<?> record, String name) {
    return find(record.getSimpleName() + "." + name).or(() -> find(name));
  }

  /// The word of a name.
  static Optional<Word> find(String name) {
    return Optional.ofNullable(WORDS.get(name));
  }

  /// What a name means.
  record Word(String name, String meaning, Object example) {}

  private static Word word(String name, String meaning, Object example) {
    return new Word(name, meaning, example);
  }
}
