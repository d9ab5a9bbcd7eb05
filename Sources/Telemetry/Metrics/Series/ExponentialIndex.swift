import Glibc

/// Maps positive numbers to the indices of buckets whose bounds are powers of 2^(2^-scale): bucket
/// i is above base^i, up to and including base^(i+1) (data model, "Exponential Scale" and "Producer
/// expectations").
enum ExponentialIndex {
  /// Below it two buckets would hold all numbers, which is as coarse as it gets.
  static let scaleMin = -10
  /// The finest the specification asks for.
  static let scaleMax = 20

  /// - Parameter value: Finite and above 0. Numbers below the normal ones count as the least normal
  ///   one.
  @inline(__always)
  static func index(of value: Double, scale: Int) -> Int {
    let bits = max(value.bitPattern, Double.leastNormalMagnitude.bitPattern)
    let exponent = Int(bits >> 52) &- 1023
    let fraction = bits & 0x000F_FFFF_FFFF_FFFF
    // A power of two is the upper bound of its bucket.
    if fraction == 0 { return scale > 0 ? (exponent << scale) &- 1 : (exponent &- 1) >> -scale }
    if scale <= 0 { return exponent >> -scale }
    let significand = Double(bitPattern: fraction | 0x3FF0_0000_0000_0000)
    let steps = 1 << scale
    // log2 of a number between 1 and 2 is between 0 and 1; rounding must not leave that.
    let within = Int((log2(significand) * Double(steps)).rounded(.up)) &- 1
    return exponent << scale &+ min(max(within, 0), steps &- 1)
  }
}
