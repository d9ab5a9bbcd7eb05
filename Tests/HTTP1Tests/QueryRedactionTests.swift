import HTTP1
import Testing

@Suite struct QueryRedactionTests {
  @Test(arguments: [
    ("", ""), ("a=b", "a=b"), ("sig=x", "sig=REDACTED"), ("a=b&Signature=x&c", "a=b&Signature=REDACTED&c"),
    ("AWSAccessKeyId=x&X-Goog-Signature=y", "AWSAccessKeyId=REDACTED&X-Goog-Signature=REDACTED"),
    ("signature=x", "signature=x"), ("sig", "sig=REDACTED"), ("&sig=&", "&sig=REDACTED&"),
    ("xsig=1&sigx=2", "xsig=1&sigx=2"), ("sig=a=b&sig=c", "sig=REDACTED&sig=REDACTED"),
  ])
  func secretsOfAQueryAreLeftOut(_ query: String, _ expected: String) {
    #expect(QueryRedaction.redact(query) == expected)
  }
}
