package dev.parley.client.chat;

import dev.parley.client.ClientClosedException;
import dev.parley.client.ClientListener;
import dev.parley.client.ClientOptions;
import dev.parley.client.ClientState;
import dev.parley.client.ParleyClient;
import dev.parley.client.rest.Login;
import dev.parley.client.rest.ProblemException;
import dev.parley.client.rest.RestApi;
import dev.parley.client.rest.RoomSummary;
import dev.parley.client.rest.Tokens;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerEvent;
import dev.parley.protocol.ServerEvent.InRoom;
import dev.parley.protocol.ServerEvent.Message;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A small chat program: what is typed is said in the present room, what begins with `/` is a
/// command, and what others say appears as it comes.
public final class Chat {
  private static final int HISTORY = 20;

  /// Lines that wait to be printed. Beyond it the oldest are dropped; /open shows them again.
  private static final int UNPRINTED = 1_000;

  private static final Duration LAST_WORDS = Duration.ofSeconds(10);
  private static final String HELP =
      """
      /rooms          the rooms you are in
      /join ROOM      become a member of a public room, and open it
      /open ROOM      show a room's last messages and talk there
      /new ROOM       found a public room, and open it
      /add USER       bring somebody into the organization and this room
      /dm USER        talk to one person
      /who            who is in this room
      /help, /quit""";

  private final ChatOptions options;
  private final Screen screen;
  private final HttpClient http = HttpClient.newHttpClient();
  private final RestApi rest;
  private final Keyring keyring;
  private final ExecutorService printer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(UNPRINTED),
          new ThreadPoolExecutor.DiscardOldestPolicy());
  private final Map<String, String> titles = new ConcurrentHashMap<>();
  private final DateTimeFormatter clock =
      DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneId.systemDefault());
  private CompletableFuture<Void> allSaid = CompletableFuture.completedFuture(null);
  private volatile Tokens tokens = Tokens.fixed("");
  private volatile @Nullable RoomSummary here;

  public Chat(ChatOptions options, Screen screen) {
    this.options = options;
    this.screen = screen;
    this.rest = new RestApi(http, options.url());
    this.keyring = new Keyring(options.folder(), options.url());
  }

  /// Chats until the input ends or `/quit`.
  ///
  /// @return whether anybody got in
  public boolean run() {
    try (http;
        printer) {
      var login = new SignIn(rest, keyring, screen).signIn(options.user());
      login.ifPresent(this::chat);
      return login.isPresent();
    } catch (UncheckedIOException e) {
      screen.complain("no server answers at " + options.url());
      return false;
    } catch (ProblemException e) {
      screen.complain(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void chat(Login login) {
    tokens = login.tokens();
    var lobby = new Lobby(rest, login.username(), () -> tokens.accessToken());
    var clientOptions =
        ClientOptions.of(options.url(), login.tokens()).name("parley chat").http(http);
    try (var client = ParleyClient.connect(clientOptions, new Listener(login, lobby))) {
      screen.note("signed in as " + login.username() + "; /help shows what you can do");
      firstRoom(lobby).ifPresent(room -> open(client, lobby, room));
      var line = screen.read();
      while (line.isPresent() && !line.get().strip().equals("/quit")) {
        obey(client, lobby, line.get());
        line = screen.read();
      }
      finishSending();
    }
  }

  /// What was said before `/quit` is to be heard.
  private void finishSending() {
    try {
      allSaid.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      screen.complain("not everything was sent");
    }
  }

  private Optional<RoomSummary> firstRoom(Lobby lobby) {
    if (options.room().isPresent()) {
      return lobby.mine(options.room().get()).or(() -> lobby.any(options.room().get()));
    }
    var mine = lobby.mine();
    if (!mine.isEmpty()) {
      return Optional.of(mine.getFirst());
    }
    if (!lobby.orgs().isEmpty()) {
      screen.note("you are in no room yet: /join ROOM or /new ROOM");
      return Optional.empty();
    }
    return screen
        .ask("you are in no organization. Its name, to found one (empty: wait to be added): ")
        .filter(name -> !name.isBlank())
        .map(lobby::found);
  }

  private void obey(ParleyClient client, Lobby lobby, String line) {
    try {
      var words = line.strip().split("\\s+", 2);
      var rest = words.length > 1 ? words[1].strip() : "";
      switch (words[0]) {
        case "" -> {}
        case "/help" -> screen.line(HELP);
        case "/rooms" -> lobby.mine().forEach(room -> screen.line("  " + title(lobby, room)));
        case "/open" -> open(client, lobby, known(lobby.mine(rest), rest));
        case "/join" -> join(client, lobby, known(lobby.any(rest), rest));
        case "/new" -> open(client, lobby, lobby.create(org(lobby), rest));
        case "/dm" -> open(client, lobby, lobby.direct(org(lobby), rest));
        case "/add" -> lobby.add(present(), rest);
        case "/who" -> screen.line("  " + String.join("\n  ", lobby.members(present().roomId())));
        default -> say(client, line);
      }
    } catch (ProblemException | NotThereException e) {
      screen.complain(String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      screen.complain("the server does not answer; try again");
    }
  }

  private void say(ParleyClient client, String line) {
    if (line.startsWith("/")) {
      throw new NotThereException("no such command; /help shows them");
    }
    var said =
        client
            .send(present().roomId(), line)
            .handle(
                (_, failure) -> {
                  if (failure != null && !(failure instanceof ClientClosedException)) {
                    screen.complain("not sent: " + failure.getMessage());
                  }
                  return failure == null;
                });
    allSaid = CompletableFuture.allOf(allSaid, said);
  }

  private void join(ParleyClient client, Lobby lobby, RoomSummary room) {
    rest.join(tokens.accessToken(), room.roomId());
    open(client, lobby, room);
  }

  /// Shows the last messages and goes on with what comes after them.
  private void open(ParleyClient client, Lobby lobby, RoomSummary room) {
    here = room;
    screen.note("— " + title(lobby, room) + " —");
    var page = client.history(room.roomId(), null, HISTORY);
    page.items().forEach(message -> show(lobby, message));
    long last = page.items().isEmpty() ? 0 : page.items().getLast().pos();
    client.open(room.roomId(), last);
  }

  private void show(Lobby lobby, Message message) {
    var present = here;
    boolean isHere = present != null && present.roomId().equals(message.roomId());
    var room = isHere ? "" : titles.computeIfAbsent(message.roomId(), id -> titleOf(lobby, id));
    var text = Objects.requireNonNullElse(message.content(), "(deleted)");
    screen.message(room, lobby.name(message.userId()), time(message.timestamp()), text, isHere);
  }

  private String titleOf(Lobby lobby, String roomId) {
    return lobby.byId(roomId).map(lobby::title).orElse(roomId);
  }

  private String title(Lobby lobby, RoomSummary room) {
    return titles.computeIfAbsent(room.roomId(), id -> lobby.title(room));
  }

  private String time(Instant instant) {
    return clock.format(instant);
  }

  private String org(Lobby lobby) {
    var present = here;
    if (present != null) {
      return present.orgId();
    }
    return lobby.orgs().stream()
        .findFirst()
        .orElseThrow(() -> new NotThereException("you are in no organization"))
        .orgId();
  }

  private RoomSummary present() {
    var present = here;
    if (present == null) {
      throw new NotThereException("no room is open; /open ROOM or /join ROOM");
    }
    return present;
  }

  private static RoomSummary known(Optional<RoomSummary> room, String name) {
    return room.orElseThrow(() -> new NotThereException("there is no room called " + name));
  }

  /// Prints what comes, in order, without keeping the client waiting for a name.
  private final class Listener implements ClientListener {
    private final Login login;
    private final Lobby lobby;
    private boolean wasLive;

    Listener(Login login, Lobby lobby) {
      this.login = login;
      this.lobby = lobby;
    }

    @Override
    public void onEvent(InRoom event, @Nullable Cursor place) {
      if (event instanceof Message message) {
        later(() -> show(lobby, message));
      }
    }

    @Override
    public void onState(ClientState state) {
      if (wasLive && state == ClientState.WAITING) {
        later(() -> screen.note("the connection is lost; reconnecting"));
      } else if (wasLive && state == ClientState.LIVE) {
        later(() -> screen.note("connected again"));
      }
      wasLive |= state == ClientState.LIVE;
    }

    @Override
    public void onMine(ServerEvent.Mine event) {
      if (event instanceof ServerEvent.RoomJoined joined) {
        later(() -> noteJoined(joined.roomId()));
      }
    }

    @Override
    public void onReset(ServerEvent.Reset reset) {
      later(() -> screen.note("a room was closed to you, or its log replaced; /open it again"));
    }

    @Override
    public void onTokens(Tokens newTokens) {
      tokens = newTokens;
      keyring.keep(login.userId(), login.username(), newTokens);
    }

    @Override
    public void onClosed(@Nullable Throwable why) {
      if (why != null) {
        later(() -> screen.complain(String.valueOf(why.getMessage())));
      }
    }

    private void noteJoined(String roomId) {
      var present = here;
      if (present == null || !present.roomId().equals(roomId)) {
        screen.note("you are in " + titleOf(lobby, roomId) + " now");
      }
    }

    private void later(Runnable print) {
      printer.execute(print);
    }
  }
}
