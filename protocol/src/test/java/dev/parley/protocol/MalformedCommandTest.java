package dev.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedCommandTest {
  static Stream<String> unparsable() {
    return Stream.of(
        "",
        " ",
        "hello",
        "1",
        "\"text\"",
        "null",
        "[]",
        "[{\"type\":\"pong\"}]",
        "{",
        "{\"type\"",
        "{\"type\":",
        "{\"type\":\"pong\"",
        "{\"type\":\"pong\"}{\"type\":\"pong\"}",
        "{\"type\":\"pong\"} trailing",
        "{\"type\":\"pong\",\"type\":\"ack\"}",
        "{\"type\":\"pong\",\"x\":{\"a\":1,\"a\":2}}",
        "{'type':'pong'}",
        "{\"type\":\"pong\",\"x\":NaN}",
        "{\"type\":\"pong\",\"x\":Infinity}",
        "{\"type\":\"pong\",\"x\":01}",
        "{\"type\":\"pong\",\"x\":\"\\x\"}",
        "{\"type\":\"pong\",\"x\":\"a\u0000b\"}",
        "{\"type\":\"pong\",\"x\":" + "9".repeat(200) + "}",
        "{\"" + "n".repeat(1_000) + "\":1}",
        "[".repeat(10_000),
        "{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
        "{\"x\":".repeat(10_000) + "1" + "}".repeat(10_000),
        "\uFEFF{\"type\":\"pong\"}");
  }

  @ParameterizedTest
  @MethodSource("unparsable")
  void whatIsNoObjectClosesTheConnection(String text) {
    assertThat(refusal(text).unparsable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':7}",
        "{'id':7,'type':null}",
        "{'id':7,'type':1}",
        "{'id':7,'type':['message']}",
        "{'id':7,'type':'message'}",
        "{'id':7,'type':'message','room_id':'r'}",
        "{'id':7,'type':'message','room_id':null,'content':'x'}",
        "{'id':7,'type':'message','room_id':{},'content':'x'}",
        "{'id':7,'type':'message','room_id':'r','content':1}",
        "{'id':7,'type':'message','room_id':'r','content':'\\u0000'}",
        "{'id':7,'type':'message','room_id':'r','content':'\\ud800'}",
        "{'id':7,'type':'message','room_id':'r','content':'\\ud800x'}",
        "{'id':7,'type':'message','room_id':'r','content':'\\udc00\\ud800'}",
        "{'id':7,'type':'message','room_id':'r','content':'x','op':'1'}",
        "{'id':7,'type':'message','room_id':'r','content':'x','op':'zzzzzzzz-1111-7222-8333-444455556666'}",
        "{'id':7,'type':'message','room_id':'r','content':'x','thread_id':1.5}",
        "{'id':7,'type':'message','room_id':'r','content':'x','thread_id':-1}",
        "{'id':7,'type':'message','room_id':'r','content':'x','thread_id':1e999}",
        "{'id':7,'type':'message','room_id':'r','content':'x','thread_id':9007199254740992}",
        "{'id':7,'type':'message','room_id':'r','content':'x','thread_id':9223372036854775808}",
        "{'id':7,'type':'message','room_id':'r','content':'x','attachments':'f'}",
        "{'id':7,'type':'message','room_id':'r','content':'x','attachments':[1]}",
        "{'id':7,'type':'message','room_id':'r','content':'x','attachments':[null]}",
        "{'id':7,'type':'read','room_id':'r','message_id':'9'}",
        "{'id':7,'type':'edit','room_id':'r','message_id':9}",
        "{'id':7,'type':'react','room_id':'r','message_id':9}",
        "{'id':7,'type':'pull','room_id':'r'}",
        "{'id':7,'type':'typing','room_id':'r','active':'yes'}",
        "{'id':7,'type':'hello','rooms':[]}",
        "{'id':7,'type':'hello','rooms':{'r':551}}",
        "{'id':7,'type':'hello','rooms':{'r':{'epoch':'k3'}}}",
        "{'id':7,'type':'hello','rooms':{'r':{'epoch':'k3','pos':-1}}}",
        "{'id':7,'type':'hello','client':'web'}",
        "{'id':7,'type':'ack','rooms':{'r':'1'}}",
        "{'id':7,'type':'pong','ack':1}",
        "{'id':7,'type':'auth'}",
      })
  void aWrongFieldRefusesTheCommandOnly(String quoted) {
    var refusal = refusal(quoted.replace('\'', '"'));

    assertThat(refusal.unparsable()).isFalse();
    assertThat(refusal.id()).isEqualTo(7);
    assertThat(refusal.reason()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'dance','id':1}",
        "{'type':'','id':1}",
        "{'type':'MESSAGE','room_id':'r','content':'x'}",
        "{'type':'__proto__','__proto__':{'x':1}}",
      })
  void anUnknownTypeIsIgnored(String quoted) {
    assertThat(CommandCodec.decode(quoted.replace('\'', '"'))).isEmpty();
  }

  @Test
  void unknownFieldsAreIgnored() {
    var text =
        "{\"type\":\"join\",\"room_id\":\"r\",\"__proto__\":{\"a\":[1e999,null,true]},\"id\":3}";

    assertThat(CommandCodec.decode(text)).contains(new ClientCommand.Join(3, "r"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "1e2", "\"7\"", "null", "9007199254740992", "[7]"})
  void anIdThatIsNoneReadsAsNone(String id) {
    var text = "{\"type\":\"join\",\"room_id\":\"r\",\"id\":" + id + "}";

    assertThat(CommandCodec.decode(text)).contains(new ClientCommand.Join(0, "r"));
  }

  @Test
  void aStringOfTenMegabytesIsReadWithoutHarm() {
    var content = "x".repeat(10_000_000);
    var text =
        "{\"type\":\"edit\",\"room_id\":\"r\",\"message_id\":1,\"content\":\"" + content + "\"}";

    assertThat(CommandCodec.decode(text)).contains(new ClientCommand.Edit(0, "r", 1, content));
  }

  private static MalformedFrameException refusal(String text) {
    return catchThrowableOfType(MalformedFrameException.class, () -> CommandCodec.decode(text));
  }
}
