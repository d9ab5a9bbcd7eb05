/// An instrument that is asked when metrics are collected (specification, "Asynchronous
/// instruments"). Callbacks of its meter observe its values.
public final class ObservableInstrument: Sendable {
  let descriptor: InstrumentDescriptor
  /// By reader.
  let streams: [[ObservedStream]]

  init(_ descriptor: InstrumentDescriptor, _ streams: [[ObservedStream]]) {
    self.descriptor = descriptor
    self.streams = streams
  }
}
