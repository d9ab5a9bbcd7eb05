import Glibc
import Sockets
import Testing

@Suite struct FileDescriptorTests {
  private static func open() throws -> Int32 {
    try PrivateNumbers.move(Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC))
  }

  @Test func itIsClosedWithItsOwner() throws {
    let number = try Self.open()
    func own() {
      let owned = FileDescriptor(owning: number)
      #expect(PrivateNumbers.isOpen(owned.rawValue))
    }
    own()
    #expect(!PrivateNumbers.isOpen(number))
  }

  @Test func itIsClosedOnce() throws {
    let number = try Self.open()
    func take(_ descriptor: consuming FileDescriptor) { _ = descriptor.rawValue }
    func own() throws {
      let owned = FileDescriptor(owning: number)
      take(owned)
      // The number is free, and somebody else gets it before this scope ends.
      #expect(!PrivateNumbers.isOpen(number))
      let other = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
      #expect(dup2(other, number) == number)
      Glibc.close(other)
    }
    try own()
    #expect(PrivateNumbers.isOpen(number))
    Glibc.close(number)
  }

  @Test func itCanBeGivenAway() throws {
    let number = try Self.open()
    func release() -> Int32 { FileDescriptor(owning: number).release() }
    #expect(release() == number)
    #expect(PrivateNumbers.isOpen(number))
    Glibc.close(number)
  }
}
