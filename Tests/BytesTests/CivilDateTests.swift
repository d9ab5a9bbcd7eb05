import Bytes
import Foundation
import Testing

@Suite struct CivilDateTests {
  @Test(arguments: [
    (0, 1970, 1, 1), (30, 1970, 1, 31), (31, 1970, 2, 1), (58, 1970, 2, 28), (59, 1970, 3, 1),
    (364, 1970, 12, 31), (365, 1971, 1, 1), (789, 1972, 2, 29), (790, 1972, 3, 1),
    (10_957, 2000, 1, 1), (11_016, 2000, 2, 29), (47_540, 2100, 2, 28), (47_541, 2100, 3, 1),
    (146_096, 2369, 12, 31), (146_097, 2370, 1, 1), (2_932_896, 9999, 12, 31),
  ])
  func knownDays(_ days: Int, _ year: Int, _ month: Int, _ day: Int) {
    let date = CivilDate(year: year, month: month, day: day)
    #expect(CivilDate(daysSince1970: days) == date)
    #expect(date.daysSince1970 == days)
  }

  /// Day by day over more than a whole cycle of 400 years, against Foundation's calendar.
  @Test func everyDayOfACycle() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    var expected = CivilDate(year: 1970, month: 1, day: 1)
    for days in 0..<150_000 {
      let date = CivilDate(daysSince1970: days)
      #expect(date == expected && date.daysSince1970 == days)
      let isMonthEnd = Self.length(of: date) == date.day
      let isYearEnd = isMonthEnd && date.month == 12
      expected = CivilDate(
        year: date.year + (isYearEnd ? 1 : 0),
        month: isYearEnd ? 1 : date.month + (isMonthEnd ? 1 : 0), day: isMonthEnd ? 1 : date.day + 1)
      if days % 997 == 0 {
        let parts = calendar.dateComponents(
          [.year, .month, .day], from: Date(timeIntervalSince1970: Double(days) * 86_400))
        #expect(parts.year == date.year && parts.month == date.month && parts.day == date.day)
      }
    }
  }

  private static func length(of date: CivilDate) -> Int {
    let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
    return switch date.month {
    case 2: isLeap ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
