#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Ready {
  /// Tells the harness which port the server got.
  static func print(port: Int) {
    Swift.print(#"{"message":"listening","attributes":{"server.port":\#(port)}}"#)
    fflush(nil)
  }
}
