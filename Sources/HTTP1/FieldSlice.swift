/// Where a field line's name and value are in its head.
struct FieldSlice {
  let nameStart: Int32
  let nameEnd: Int32
  let valueStart: Int32
  let valueEnd: Int32

  var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
  var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
}
