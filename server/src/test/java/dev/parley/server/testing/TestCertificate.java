package dev.parley.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A key and its self-signed certificate for `localhost`, made by the JDK's own keytool.
public record TestCertificate(Path keyStore) {
  public static final String PASSWORD = "changeit";

  public static TestCertificate in(Path folder) {
    Path keyStore = folder.resolve("test.p12");
    try {
      var keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "test",
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "san=dns:localhost,ip:127.0.0.1",
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  keyStore.toString(),
                  "-storepass",
                  PASSWORD)
              .redirectErrorStream(true)
              .start();
      String output = new String(keytool.getInputStream().readAllBytes());
      if (keytool.waitFor() != 0 || !Files.exists(keyStore)) {
        throw new IllegalStateException("keytool: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new TestCertificate(keyStore);
  }

  public SocketFactory trustingSockets() {
    return trusting().getSocketFactory();
  }

  /// Writes the certificate and the key beside the key store as the PEM files `cert.pem` and
  /// `key.pem`.
  public void writePem() {
    try (InputStream in = Files.newInputStream(keyStore)) {
      var entries = KeyStore.getInstance("PKCS12");
      entries.load(in, PASSWORD.toCharArray());
      var key = entries.getKey("test", PASSWORD.toCharArray());
      write("cert.pem", "CERTIFICATE", entries.getCertificate("test").getEncoded());
      write("key.pem", "PRIVATE KEY", key.getEncoded());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(String name, String kind, byte[] bytes) throws IOException {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    var text = "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
    Files.writeString(keyStore.resolveSibling(name), text);
  }

  /// Trusts this certificate and no other.
  public SSLContext trusting() {
    try (InputStream in = Files.newInputStream(keyStore)) {
      var entries = KeyStore.getInstance("PKCS12");
      entries.load(in, PASSWORD.toCharArray());
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("test", entries.getCertificate("test"));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
