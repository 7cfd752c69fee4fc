package dev.parley.server.adapter.postgres;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;

/// How busy a pool is at a moment, in connections and in threads that wait for one.
public record PoolUse(int active, int idle, int waiting) {
  static PoolUse of(HikariDataSource pool) {
    HikariPoolMXBean bean = pool.getHikariPoolMXBean();
    return bean == null
        ? new PoolUse(0, 0, 0)
        : new PoolUse(
            bean.getActiveConnections(),
            bean.getIdleConnections(),
            bean.getThreadsAwaitingConnection());
  }
}
