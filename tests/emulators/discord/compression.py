"""Transport compression of the gateway: one stream for a whole connection, flushed after every packet.

https://discord.com/developers/docs/events/gateway#transport-compression
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable

Compressor = Callable[[bytes], bytes]


def compressor(asked: str | None) -> Compressor | None:
    """What the query asks for: zlib-stream, zstd-stream, or nothing."""
    return {"zlib-stream": _zlib, "zstd-stream": _zstd}[asked]() if asked else None


def _zlib() -> Compressor:
    stream = zlib.compressobj()
    return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd() -> Compressor:
    # Asked for only where the client found this library, so it is there.
    library = importlib.import_module("zstandard")
    stream = library.ZstdCompressor().compressobj()
    return lambda data: bytes(stream.compress(data) + stream.flush(library.COMPRESSOBJ_FLUSH_BLOCK))
