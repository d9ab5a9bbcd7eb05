#ifndef OSTACK_CZLIB_SHIM_H
#define OSTACK_CZLIB_SHIM_H

// Makes z_stream.next_in a pointer to const, so that input can stay borrowed.
#define ZLIB_CONST
#include <zlib.h>

// deflateInit2 and inflateInit2 are macros, which Swift does not import. Adding 16 to the window
// bits (15: 32 KiB) selects the gzip format and refuses every other.

static inline int ostack_deflate_init_gzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int ostack_inflate_init_gzip(z_stream *stream) {
  return inflateInit2(stream, 15 + 16);
}

#endif
