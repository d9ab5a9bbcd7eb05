extension Setting where Value == Duration {
  /// How long the inventory remembers what it reserved, which both services have to know.
  package static var reservationRetention: Self {
    .milliseconds(
      "RESERVATION_RETENTION", default: 30 * 86_400_000, in: 3_600_000...366 * 86_400_000,
      "milliseconds that the inventory remembers a key; orders pending for longer are left to people"
    )
  }
}
