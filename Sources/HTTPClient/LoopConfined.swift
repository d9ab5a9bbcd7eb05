/// Carries a value into a task of the loop on which the value lives.
struct LoopConfined<Value>: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: it is made and opened on one loop's thread.
  let value: Value

  init(_ value: Value) { self.value = value }
}
