// Counts the items of an OTLP export request without decoding it.
//
// All three requests have one shape: field 1 holds the resources' items, field 2 of those the
// scopes' items, field 2 of those the spans, metrics or log records. So it is enough to walk
// length-delimited fields and to skip the rest (opentelemetry-proto, collector/*/v1).

#ifndef OTLP_ITEMS_H
#define OTLP_ITEMS_H

#include <stddef.h>
#include <stdint.h>

enum { otlp_malformed = -1 };

// Reads a varint and moves `*at` behind it. Returns 0 when it is cut off or longer than 64 bits.
static int read_varint(const uint8_t **at, const uint8_t *end, uint64_t *value) {
  *value = 0;
  for (unsigned shift = 0; shift < 70 && *at < end; shift += 7) {
    uint8_t byte = *(*at)++;
    if (shift < 64) *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return 1;
  }
  return 0;
}

// Returns how many items the message holds, `depth` levels up from them, or `otlp_malformed`.
static int64_t count_items(const uint8_t *at, const uint8_t *end, int depth) {
  static const uint64_t fields[] = {2, 2, 1};  // by depth: items, scopes, resources
  int64_t total = 0;
  while (at < end) {
    uint64_t key, length;
    if (!read_varint(&at, end, &key)) return otlp_malformed;
    switch (key & 7) {
      case 0:
        if (!read_varint(&at, end, &length)) return otlp_malformed;
        continue;
      case 1:
        length = 8;
        break;
      case 5:
        length = 4;
        break;
      case 2:
        if (!read_varint(&at, end, &length)) return otlp_malformed;
        break;
      default:
        return otlp_malformed;
    }
    if (length > (uint64_t)(end - at)) return otlp_malformed;
    if ((key & 7) == 2 && key >> 3 == fields[depth]) {
      int64_t inner = depth == 0 ? 1 : count_items(at, at + length, depth - 1);
      if (inner < 0) return otlp_malformed;
      total += inner;
    }
    at += length;
  }
  return total;
}

// The items of a whole export request of any of the three signals, or `otlp_malformed`.
static int64_t otlp_items(const uint8_t *body, size_t count) {
  return count_items(body, body + count, 2);
}

#endif
