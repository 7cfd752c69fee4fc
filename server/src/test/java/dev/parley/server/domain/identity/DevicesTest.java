package dev.parley.server.domain.identity;

import static dev.parley.server.domain.identity.IdentityFixture.assertRefused;
import static dev.parley.server.domain.identity.IdentityFixture.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.base.DeviceId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.event.EphemeralEvent.SignedOut;
import dev.parley.server.testing.PostgresExtension;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
final class DevicesTest {
  private static final Refusal NO_DEVICE = new Refusal.NotFound("no such device");

  private final IdentityFixture identity;
  private final Username ann = IdentityFixture.newName();

  DevicesTest(Database database) {
    this.identity = new IdentityFixture(database);
  }

  @AfterEach
  void close() {
    identity.close();
  }

  @Test
  void listsThoseSignedInLastSeenFirst() {
    var laptop = identity.signUp(ann);
    identity.clock.advance(Duration.ofMinutes(1));
    var phone = identity.signIn(ann);
    var list = identity.devices.list(identity.admit(laptop));
    assertThat(list).extracting(Device::id).containsExactly(phone.device(), laptop.device());
    assertThat(list).extracting(Device::name).containsExactly("phone", "laptop");
  }

  @Test
  void signsOneOutAtOnce() {
    var laptop = identity.signUp(ann);
    var phone = identity.signIn(ann);
    identity.devices.signOut(identity.admit(laptop), phone.device());
    assertThat(identity.bus.heard).containsExactly(identity.signedOut(phone));
    assertThatThrownBy(() -> identity.admit(phone)).hasMessage("the token is not valid");
    assertThatThrownBy(() -> identity.refresh(phone)).isInstanceOf(RefusedException.class);
    assertThat(identity.devices.list(identity.admit(laptop)))
        .extracting(Device::id)
        .containsExactly(laptop.device());
    assertRefused(
        NO_DEVICE, () -> identity.devices.signOut(identity.admit(laptop), phone.device()));
  }

  @Test
  void signsOneselfOut() {
    var laptop = identity.signUp(ann);
    identity.devices.signOut(identity.admit(laptop), laptop.device());
    assertThatThrownBy(() -> identity.admit(laptop)).hasMessage("the token is not valid");
  }

  @Test
  void anothersDeviceLooksLikeNone() {
    var mine = identity.signUp(ann);
    var hers = identity.signUp();
    var me = identity.admit(mine);
    assertRefused(NO_DEVICE, () -> identity.devices.signOut(me, hers.device()));
    assertRefused(NO_DEVICE, () -> identity.devices.signOut(me, new DeviceId(new UUID(1, 2))));
    assertThat(identity.admit(hers).userId()).isEqualTo(user(hers));
    assertThat(identity.bus.heard).isEmpty();
  }

  @Test
  void signsAllOut() {
    var laptop = identity.signUp(ann);
    var phone = identity.signIn(ann);
    var hers = identity.signUp();
    identity.devices.signOutAll(identity.admit(laptop));
    assertThat(identity.bus.heard)
        .containsExactly(new SignedOut(user(laptop), Optional.empty(), Optional.empty()));
    assertThatThrownBy(() -> identity.admit(laptop)).hasMessage("the token is not valid");
    assertThatThrownBy(() -> identity.admit(phone)).hasMessage("the token is not valid");
    assertThat(identity.admit(hers)).isNotNull();
    assertThat(identity.signIn(ann)).isNotNull();
  }
}
