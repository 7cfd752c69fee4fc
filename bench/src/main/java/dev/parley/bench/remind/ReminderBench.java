package dev.parley.bench.remind;

import dev.parley.client.rest.Login;
import dev.parley.client.rest.RestApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/// Makes tasks that are due within one minute, and measures how late the sockets of their assignees
/// hear of each. `bench/reminders.sh` starts it together with a server.
public final class ReminderBench {
  private static final int PEOPLE = 20;
  private static final int MAKERS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final URI server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Arrivals arrivals = new Arrivals();

  private ReminderBench(URI server) {
    this.server = server;
  }

  /// Usage: `--url URL [--tasks 10000] [--seconds 60] [--lead 60]`: so many tasks, due evenly over
  /// so many seconds (0: all at once), the first of them that many seconds from now. The exit
  /// status is 1 if a reminder did not come, or came twice.
  public static void main(String[] args) throws Exception {
    var options = new java.util.HashMap<>(Map.of("tasks", "10000", "seconds", "60", "lead", "60"));
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i].substring(2), args[i + 1]);
    }
    var bench = new ReminderBench(URI.create(String.valueOf(options.get("url"))));
    int tasks = Integer.parseInt(options.get("tasks"));
    bench.run(
        tasks,
        Duration.ofSeconds(Long.parseLong(options.get("seconds"))),
        Instant.now().plusSeconds(Long.parseLong(options.get("lead"))));
    int missing = tasks - bench.arrivals.size();
    System.out.printf(
        "%d tasks, %d reminders missing, %d came twice; %s%n",
        tasks, missing, bench.arrivals.again(), bench.arrivals.summary());
    System.exit(missing == 0 && bench.arrivals.again() == 0 ? 0 : 1);
  }

  private void run(int tasks, Duration spread, Instant first)
      throws InterruptedException, ExecutionException {
    var api = new RestApi(http, server);
    var run = Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30), 36);
    var people =
        IntStream.range(0, PEOPLE)
            .mapToObj(i -> api.signUp("r-" + run + "-" + i, "bench " + run + " passphrase"))
            .toList();
    var founder = people.getFirst().tokens().accessToken();
    var org = api.createOrg(founder, "Reminders " + run).orgId();
    people.stream()
        .skip(1)
        .forEach(person -> api.addOrgMember(founder, org, person.userId(), "member"));
    people.forEach(person -> Listener.open(http, server, person.tokens().accessToken(), arrivals));
    long start = System.nanoTime();
    make(tasks, spread, first, people, org);
    var left = Duration.between(Instant.now(), first);
    System.out.printf(
        "%d tasks made in %.1f s, %.1f s before the first is due%n",
        tasks, (System.nanoTime() - start) / 1e9, left.toMillis() / 1e3);
    if (left.isNegative()) {
      throw new IllegalStateException("too late: raise --lead");
    }
    var end = first.plus(spread).plus(PATIENCE);
    while (arrivals.size() < tasks && Instant.now().isBefore(end)) {
      Thread.sleep(100);
    }
    // Whatever would come twice has a moment to do so.
    Thread.sleep(2_000);
  }

  private void make(int tasks, Duration spread, Instant first, List<Login> people, String org)
      throws InterruptedException, ExecutionException {
    try (var makers = Executors.newFixedThreadPool(MAKERS)) {
      var made = new ArrayList<Future<?>>();
      for (int i = 0; i < tasks; i++) {
        var person = people.get(i % people.size());
        var due =
            first.plus(spread.multipliedBy(i).dividedBy(tasks)).truncatedTo(ChronoUnit.MICROS);
        made.add(
            makers.submit(
                () -> {
                  make(person, org, due);
                  return null;
                }));
      }
      for (var one : made) {
        one.get();
      }
    }
  }

  private void make(Login person, String org, Instant due)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(server.resolve("/api/v1/orgs/" + org + "/tasks"))
            .header("Authorization", "Bearer " + person.tokens().accessToken())
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"title\":\"remind me\",\"due_date\":\"" + due + "\"}"));
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
  }
}
