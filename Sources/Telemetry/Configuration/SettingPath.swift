/// Where a value stands in the configuration. A key path of a key path is none that may be shared
/// between tasks; this may be.
@dynamicMemberLookup
struct SettingPath<Value: Sendable>: Sendable {
  let get: @Sendable (TelemetryConfiguration) -> Value
  let set: @Sendable (inout TelemetryConfiguration, Value) -> Void

  subscript<Inner: Sendable>(
    dynamicMember inner: any WritableKeyPath<Value, Inner> & Sendable
  ) -> SettingPath<Inner> {
    SettingPath<Inner>(
      get: { get($0)[keyPath: inner] },
      set: { configuration, value in
        var outer = get(configuration)
        outer[keyPath: inner] = value
        set(&configuration, outer)
      })
  }

  /// The value's default.
  var standard: Value { self.get(TelemetryConfiguration()) }
}

extension SettingPath where Value == TelemetryConfiguration {
  /// The configuration itself.
  static var root: SettingPath { SettingPath(get: { $0 }, set: { $0 = $1 }) }
}
