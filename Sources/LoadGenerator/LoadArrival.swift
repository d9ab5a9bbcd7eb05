/// One request of a load, before it is sent.
struct LoadArrival {
  /// Nanoseconds from the start to when it is to be sent.
  let due: UInt64
  let endpoint: LoadEndpoint
  /// Chooses the product and the customer.
  let choice: UInt64
}
