import Glibc

/// The target that the variable `FUZZ_TARGET` names.
private let target: FuzzTarget = {
  let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget.named(name) else {
    print("FUZZ_TARGET is none of: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
    exit(64)
  }
  return target
}()

/// What libFuzzer calls with every input. It takes an abnormal end for a find.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // The bytes are libFuzzer's for as long as this call lasts; they are copied.
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  do throws(BrokenInvariant) {
    try target.check(bytes)
  } catch {
    print("broken invariant of \(target): \(error)")
    fflush(nil)
    abort()
  }
  return 0
}
