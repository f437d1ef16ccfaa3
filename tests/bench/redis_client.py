"""As much of a Redis client as the benchmark needs."""
import socket


class RedisClient:
    def __init__(self, port):
        self.stream = socket.create_connection(("127.0.0.1", port)).makefile("rwb")

    def call(self, *arguments):
        parts = [str(argument).encode() for argument in arguments]
        request = b"*%d\r\n" % len(parts)
        self.stream.write(request + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts))
        self.stream.flush()
        line = self.stream.readline().rstrip()
        if line[:1] == b"$":
            return self.stream.read(int(line[1:]) + 2)[:-2].decode()
        if line[:1] == b":":
            return int(line[1:])
        if line[:1] == b"-":
            raise RuntimeError(line.decode())
        return line[1:].decode()
