"""Takes OTLP over gRPC, which is what the reference speaks, and throws it away undecoded.

Runs with the reference's own Python, which has grpc. Prints the port it got."""

from concurrent import futures

import grpc


class Anything(grpc.GenericRpcHandler):
    """Answers every call with an empty message."""

    def service(self, handler_call_details):
        return grpc.unary_unary_rpc_method_handler(lambda request, context: b"")


server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), handlers=[Anything()])
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print('{"message":"listening","attributes":{"server.port":%d}}' % port, flush=True)
server.wait_for_termination()
