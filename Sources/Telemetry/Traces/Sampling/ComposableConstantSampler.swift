/// Samples all traces or none (OpenTelemetry specification, "ComposableAlwaysOn" and
/// "ComposableAlwaysOff").
public struct ComposableConstantSampler: ComposableSampler {
  private let isOn: Bool

  private init(isOn: Bool) { self.isOn = isOn }

  public static let alwaysOn = ComposableConstantSampler(isOn: true)
  public static let alwaysOff = ComposableConstantSampler(isOn: false)

  public var description: String { isOn ? "ComposableAlwaysOn" : "ComposableAlwaysOff" }

  public func intent(_ parameters: borrowing SamplingParameters) -> SamplingIntent {
    isOn ? SamplingIntent(threshold: 0, isThresholdReliable: true) : .none
  }
}
