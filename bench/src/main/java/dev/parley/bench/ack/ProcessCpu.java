package dev.parley.bench.ack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads the processor time of processes from the kernel.
final class ProcessCpu {
  /// The kernel reports in ticks of 10 ms (`getconf CLK_TCK` is 100 on every Linux).
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final int UTIME = 11;
  private static final int STIME = 12;

  private ProcessCpu() {}

  /// The time of these processes, in nanoseconds.
  static long nanos(List<Long> processes) {
    return processes.stream().mapToLong(ProcessCpu::nanos).sum();
  }

  /// The time of these processes and of all that they have started.
  static long withChildren(List<Long> processes) {
    return nanos(processes)
        + processes.stream()
            .flatMap(pid -> ProcessHandle.of(pid).stream())
            .flatMap(ProcessHandle::descendants)
            .mapToLong(process -> nanos(process.pid()))
            .sum();
  }

  private static long nanos(long pid) {
    try {
      var line = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name of the program is in brackets and may hold anything.
      var fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = 0;
      for (int i = UTIME; i <= STIME; i++) {
        ticks += Long.parseLong(fields[i]);
      }
      return ticks * NANOS_PER_TICK;
    } catch (IOException e) {
      return 0;
    }
  }
}
