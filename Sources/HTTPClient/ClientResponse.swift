package import HTTP1
package import HTTPTypes
package import Sockets

/// A response, complete.
package struct ClientResponse: Sendable {
  package let head: ResponseHead
  package let body: [UInt8]
  /// Who answered.
  package let peerAddress: SocketAddress?

  package var status: HTTPResponse.Status { head.status }
}
