package import HTTPClient

/// A bucket of an S3 server, addressed by path.
package struct BucketAddress: Sendable {
  package var url: HTTPURL
  package var name: String
  package var region: String
  package var accessKey: String
  package var secretKey: String

  package init(
    url: HTTPURL, name: String, region: String = "us-east-1", accessKey: String, secretKey: String
  ) {
    self.url = url
    self.name = name
    self.region = region
    self.accessKey = accessKey
    self.secretKey = secretKey
  }
}
