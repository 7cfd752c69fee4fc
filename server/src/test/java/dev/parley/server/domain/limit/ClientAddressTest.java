package dev.parley.server.domain.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "192.0.2.7, ::ffff:192.0.2.7, true",
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
  })
  void tellsSubscribersApart(String one, String other, boolean same) {
    var equal = of(one).equals(of(other));
    assertThat(equal).isEqualTo(same);
  }

  private static ClientAddress of(String text) {
    return ClientAddress.of(InetAddress.ofLiteral(text));
  }
}
