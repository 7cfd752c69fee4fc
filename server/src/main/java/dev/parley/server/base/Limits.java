package dev.parley.server.base;

/// Every bound of size in one place; what happens at the bound stands beside it. Bounds that an
/// operator may want to change are configuration keys instead.
public final class Limits {
  /// Characters in a name of an organization, room or user. Beyond: `bad_request`.
  public static final int NAME = 100;

  /// Characters in a room's topic. Beyond: `bad_request`.
  public static final int TOPIC = 500;

  /// UTF-8 bytes of a message's content. Beyond: `too_large`.
  public static final int CONTENT_BYTES = 64 * 1024;

  /// Files on one message. Beyond: `bad_request`.
  public static final int ATTACHMENTS = 20;

  /// UTF-8 bytes of all labels of a message with their names. Beyond: `too_large`.
  public static final int LABEL_BYTES = 4_000;

  /// UTF-8 bytes of a reaction. Beyond: `bad_request`.
  public static final int EMOJI_BYTES = 64;

  /// Different reactions on one message. Beyond: `quota`.
  public static final int REACTIONS = 200;

  /// Members of one room. Beyond: `quota`.
  public static final int ROOM_MEMBERS = 50_000;

  /// Organizations of the open realm, and rooms of each that anybody may open. Beyond: `quota`.
  public static final int OPEN = 10_000;

  /// Organizations of one user. Beyond: `quota`.
  public static final int ORGS_PER_USER = 100;

  /// Rooms of one user in one organization. Beyond: `quota`.
  public static final int ROOMS_PER_USER = 10_000;

  /// Tasks of one user. Beyond: `quota`.
  public static final int TASKS = 10_000;

  /// Characters in a task's title. Beyond: `bad_request`.
  public static final int TASK_TITLE = 255;

  /// Characters in a task's description. Beyond: `bad_request`.
  public static final int TASK_DESCRIPTION = 10_000;

  /// Users in the directory of the open realm. Beyond: `quota`.
  public static final int DIRECTORY = 100_000;

  /// Devices of one account. Beyond: the one unused for longest is signed out.
  public static final int DEVICES = 50;

  /// Characters of a password; there is no reason for a bound but the memory of one request.
  /// Beyond: `bad_request`.
  public static final int PASSWORD = 1_000;

  /// Passwords that wait for a processor to be hashed or verified. Beyond: `busy`.
  public static final int PASSWORDS_WAITING = 64;

  /// Keys whose rate is remembered apart. Beyond: new keys share buckets, which makes their limit
  /// stricter.
  public static final int RATE_KEYS = 100_000;

  /// Bytes of an access token. Beyond: `unauthorized`, unread.
  public static final int TOKEN_BYTES = 8 * 1024;

  /// Rooms that one connection hears live. Beyond: the inbox says `truncated` and the client joins
  /// what it shows.
  public static final int SUBSCRIPTIONS = 1_000;

  /// Commands of one connection that wait to be run. Beyond: the socket is not read until there is
  /// room.
  public static final int COMMANDS = 256;

  /// Bytes of commands of one connection that wait to be run. Beyond: the socket is not read until
  /// there is room.
  public static final int COMMAND_BYTES = 256 * 1024;

  /// Bytes of commands that still come out of the read after which a socket is read no further;
  /// more than that is compressed as nobody's commands are. Beyond: 1013.
  public static final int FLOOD_BYTES = 1024 * 1024;

  /// The same while nobody has said who is connected; their next command is read when the last one
  /// has been run.
  public static final int STRANGER_BYTES = 64 * 1024;

  /// Commands in one frame, each a line. Beyond: 1008.
  public static final int LINES = 1_000;

  /// Bytes of answers after which a connection's next command waits until the client has read.
  public static final int ANSWER_BYTES = 64 * 1024;

  /// Bytes that wait to be written to one socket, answers and all. Beyond: 1013.
  public static final int PENDING_BYTES = 4 * 1024 * 1024;

  /// Appends of one connection that wait for their commit. Beyond: its commands wait.
  public static final int APPENDS_PER_CONNECTION = 512;

  /// Appends that wait in one writer lane. Beyond: `busy`.
  public static final int LANE = 20_000;

  /// Messages in one commit.
  public static final int COMMIT_MESSAGES = 500;

  /// Bytes of content in one commit.
  public static final int COMMIT_BYTES = 512 * 1024;

  /// Bytes that wait to be written to one socket. Beyond: the connection is put behind.
  public static final int OUTBOUND_BYTES = 256 * 1024;

  /// Events or rows in one page. A larger wish is cut down to it.
  public static final int PAGE = 500;

  /// Events that wait to be told to other nodes. Beyond: they are dropped, and the other nodes read
  /// them from the log.
  public static final int BUS_EVENTS = 50_000;

  /// Characters of content that wait to be told to other nodes. Beyond: as above.
  public static final int BUS_CHARACTERS = 16 * 1024 * 1024;

  /// Bytes that are told to other nodes at once. Beyond: the rest goes with the next message.
  public static final int BUS_MESSAGE_BYTES = 256 * 1024;

  /// Bytes of one event on its way to other nodes. Beyond: only its position is told.
  public static final int BUS_EVENT_BYTES = 64 * 1024;

  /// UTF-8 bytes of what a client tells a room without it being kept. Beyond: nobody hears it.
  public static final int SIGNAL_BYTES = 4 * 1024;

  /// Bytes of content in one answer of a dialect, which tells no next page. Beyond: the messages or
  /// tasks that come first are all there are.
  public static final int ANSWER_CONTENT = 4 * 1024 * 1024;

  /// Characters in the name of a file. Beyond: its end is kept.
  public static final int FILE_NAME = 200;

  /// Uploads that run at once on one node. Beyond: `busy`.
  public static final int UPLOADS = 100;

  /// Uploads of one user that run at once. Beyond: `busy`.
  public static final int UPLOADS_PER_USER = 5;

  /// Downloads that run at once on one node. Beyond: `busy`.
  public static final int DOWNLOADS = 1_000;

  /// Files, and bytes without a file, that are removed by one sweep. Beyond: the next one goes on.
  public static final int SWEEP = 500;

  /// Characters of a search. Beyond: `bad_request`.
  public static final int QUERY = 512;

  /// Words of a search. Beyond: `bad_request`.
  public static final int QUERY_WORDS = 64;

  /// How often an operator of a search may stand. Beyond: `bad_request`.
  public static final int QUERY_NAMES = 20;

  /// Highlights of one message that was found. Beyond: the rest is not marked.
  public static final int HIGHLIGHTS = 100;

  /// Rooms whose messages are indexed in one round. Beyond: the next one goes on.
  public static final int INDEX_ROOMS = 100;

  /// Events of one room that are indexed at a time. Beyond: the next round goes on.
  public static final int INDEX_EVENTS = 200;

  /// Rows of one table that an import refuses. Beyond: the import ends.
  public static final int REFUSED_ROWS = 100_000;

  private Limits() {}
}
