package dev.parley.server.domain.identity;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.Refusal;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.EphemeralEvent.SignedOut;
import dev.parley.server.domain.event.EventBus;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What one can do with the devices of one's account. A device that is signed out is refused at
/// once, and its sockets close within a second.
public final class Devices {
  private final IdentityStore store;
  private final EventBus bus;
  private final InstantSource clock;

  public Devices(IdentityStore store, EventBus bus, InstantSource clock) {
    this.store = store;
    this.bus = bus;
    this.clock = clock;
  }

  /// The devices that are signed in, last seen first.
  public List<Device> list(Principal.Account who) {
    return store.devices(who.userId());
  }

  /// Signs one device out; one's own is as good as any.
  ///
  /// @throws dev.parley.server.base.RefusedException not_found, also for devices of others
  public void signOut(Principal.Account who, DeviceId device) {
    if (!store.signOut(who.userId(), device, clock.instant())) {
      throw Refusal.notFound("no such device");
    }
    bus.publish(new SignedOut(who.userId(), Optional.of(device), Optional.empty()));
  }

  /// Signs all devices out, one's own too.
  public void signOutAll(Principal.Account who) {
    store.signOutAll(who.userId(), clock.instant());
    bus.publish(new SignedOut(who.userId(), Optional.empty(), Optional.empty()));
  }
}
