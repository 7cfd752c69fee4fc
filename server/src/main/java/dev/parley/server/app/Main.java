package dev.parley.server.app;

final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("hi");
  }
}
