import HTTP1
import Testing

@Suite struct PercentEncodingEncodeTests {
  @Test(arguments: [
    ("", ""), ("AZaz09-._~", "AZaz09-._~"), (" ", "%20"), ("a/b?c&d=e+f", "a%2Fb%3Fc%26d%3De%2Bf"),
    ("ü€", "%C3%BC%E2%82%AC"), ("%", "%25"), ("{x=\"y\"}", "%7Bx%3D%22y%22%7D"),
  ])
  func unreservedCharactersStay(_ text: String, _ expected: String) {
    let encoded = PercentEncoding.encode(text, except: PercentEncoding.isUnreserved)
    #expect(encoded == expected)
    #expect(PercentEncoding.decodeLeniently(encoded) == text)
  }
}
