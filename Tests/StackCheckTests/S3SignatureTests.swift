import HTTPTypes
@testable import StackCheck
import Testing

@Suite struct S3SignatureTests {
  /// The example of AWS' documentation ("Signature Calculations for the Authorization Header", "GET
  /// Bucket (List Objects)").
  @Test func theDocumentedExample() {
    let signature = S3Signature(
      accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      region: "us-east-1")
    let fields = signature.fields(
      host: "examplebucket.s3.amazonaws.com", path: "/",
      query: [("prefix", "J"), ("max-keys", "2")], time: 1_369_353_600)
    #expect(
      fields.first?.value
        == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        + "SignedHeaders=host;x-amz-content-sha256;x-amz-date,"
        + "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    #expect(fields.map(\.name.canonicalName).sorted() == [
      "authorization", "x-amz-content-sha256", "x-amz-date",
    ])
    #expect(fields.last?.value == "20130524T000000Z")
  }

  @Test func queriesAreEncodedAndSorted() {
    #expect(
      S3Signature.canonicalQuery([("b", "x/y+z ="), ("a", "ü"), ("a-b", "~_.-")])
        == "a=%C3%BC&a-b=~_.-&b=x%2Fy%2Bz%20%3D")
  }

  /// RFC 4231, test cases 1, 2 and 6, and FIPS 180-4's example.
  @Test func digests() {
    func hex(_ bytes: [UInt8]) -> String {
      bytes.map { String(format: $0) }.joined()
    }
    #expect(
      hex(SHA256Digest.digest(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hex(SHA256Digest.digest([]))
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      hex(
        SHA256Digest.authenticate(
          Array("Hi There".utf8), key: Array(repeating: 0x0B, count: 20)))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      hex(
        SHA256Digest.authenticate(
          Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
          key: Array(repeating: 0xAA, count: 131)))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }
}

extension String {
  /// Two hexadecimal digits.
  fileprivate init(format byte: UInt8) {
    let text = String(byte, radix: 16)
    self = text.count == 1 ? "0\(text)" : text
  }
}
