package dev.parley.server.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "postgres://user:pass@localhost:5432/chat_app?sslmode=disable | user | pass | localhost | 5432 | chat_app | sslmode=disable",
        "postgres://user:password@host/gochat                         | user | password | host | 5432 | gochat | ",
        "postgresql://u@h:6432/d                                      | u | | h | 6432 | d | ",
        "jdbc:postgresql://h:6432/d?user=u&password=p%26q             | u | p&q | h | 6432 | d | ",
        "postgres://u:p%40ss%3Aw%2Frd+x@h/d                           | u | p@ss:w/rd+x | h | 5432 | d | ",
        "postgres://u:p@ss@h/d                                        | u | p@ss | h | 5432 | d | ",
        "postgres://u:p@my_db_1:5433/d                                | u | p | my_db_1 | 5433 | d | ",
        "postgres://u:p@[::1]:5433/d                                  | u | p | [::1] | 5433 | d | ",
        "postgres://u:p@[::1]/d                                       | u | p | [::1] | 5432 | d | ",
        "postgres://u:p@h/d?sslmode=require&channel_binding=require   | u | p | h | 5432 | d | channelBinding=require, sslmode=require",
        "postgres:///d                                                | postgres | | localhost | 5432 | d | ",
        "postgres://u@h                                               | u | | h | 5432 | u | ",
        "postgres://h/my%20db                                         | postgres | | h | 5432 | my db | ",
        "user=postgres password=mysecretpassword dbname=mydb sslmode=disable | postgres | mysecretpassword | localhost | 5432 | mydb | sslmode=disable",
        "host=h port=6000 user = u password = 'a b\\'c\\\\d' dbname='my db'  | u | a b'c\\d | h | 6000 | my db | ",
        "host=h user=u password=a\\ b dbname=d                        | u | a b | h | 5432 | d | ",
        "host=h user=u password='' dbname=d                           | u | | h | 5432 | d | ",
        "host=h user=u password=x=y dbname=d                          | u | x=y | h | 5432 | d | ",
        "host=::1 user=u dbname=d                                     | u | | [::1] | 5432 | d | ",
        "host=localhost user=gorm password=gorm dbname=gorm port=9920 sslmode=disable TimeZone=Asia/Shanghai | gorm | gorm | localhost | 9920 | gorm | sslmode=disable",
      })
  void readsBothForms(
      String text,
      String user,
      String password,
      String host,
      int port,
      String database,
      String parameters) {
    var url = DatabaseUrl.parse(text);
    assertThat(url.user()).isEqualTo(user);
    assertThat(url.password().map(Secret::reveal).orElse(null)).isEqualTo(password);
    assertThat(url.host()).isEqualTo(host);
    assertThat(url.port()).isEqualTo(port);
    assertThat(url.database()).isEqualTo(database);
    assertThat(new TreeMap<>(url.parameters()))
        .hasToString("{" + (parameters == null ? "" : parameters) + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:hunter2@h/d",
        "hunter2",
        "postgres://u:hunter2@h:port/d",
        "postgres://u:hunter2@h:70000/d",
        "postgres://u:hunter2@h/d?sslmode=never",
        "postgres://u:hunter2@h/d?warp=9",
        "postgres://u:hunter2@h/d?sslmode",
        "postgres://u:hunter2%zz@h/d",
        "user=u password=hunter2 dbname=d warp=9",
        "user=u password='hunter2 dbname=d",
        "user=u password=not hunter2 dbname=d",
        "host=/var/run/postgresql dbname=d",
        "host=a,b dbname=d",
        "postgres://u:hunter2@a,b/d",
      })
  void saysWhatIsWrongWithoutThePassword(String text) {
    assertThatThrownBy(() -> DatabaseUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void tellsNoCharacterOfABrokenPassword() {
    assertThatThrownBy(() -> DatabaseUrl.parse("postgres://u:a%qz@h/d"))
        .message()
        .doesNotContain("qz");
  }

  @Test
  void printsWithoutThePassword() {
    assertThat(DatabaseUrl.parse("postgres://u:hunter2@h/d"))
        .hasToString("postgresql://u:***@h:5432/d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://u:hunter2@h/d",
        "postgres://u:hun/hunter2@h/d",
        "postgres://u:hunter2@hunter2@h/d",
        "postgres://u:#hunter2?@h/d",
        "redis://:hunter2@h",
        "host=h password=hunter2 dbname=d",
        "host=h password = 'the hunter2' dbname=d",
        "host=h password='it\\'s hunter2' dbname=d",
        "host=h password=a\\ hunter2 dbname=d",
        "host=h dbname=d PASSWORD='hunter2",
        "jdbc:postgresql://h/d?user=u&password=hunter2",
      })
  void hidesThePasswordOfAnyAddress(String address) {
    assertThat(Passwords.hidden(address)).contains("***").doesNotContain("hunter2").contains("h");
  }
}
