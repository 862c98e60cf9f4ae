"""Bytes packed and unpacked through tables: base64, there and back."""

SIZE = 25_000
SMALL = 400

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def encode(data: bytes) -> bytearray:
    """Return the base64 text of ``data``, a multiple of three bytes."""
    text = bytearray()
    for i in range(0, len(data), 3):
        group = data[i] << 16 | data[i + 1] << 8 | data[i + 2]
        text.append(ALPHABET[group >> 18])
        text.append(ALPHABET[group >> 12 & 63])
        text.append(ALPHABET[group >> 6 & 63])
        text.append(ALPHABET[group & 63])
    return text


def decode(text: bytearray) -> bytearray:
    """Return the bytes that a base64 text without padding stands for."""
    values = [0] * 256
    for value, c in enumerate(ALPHABET):
        values[c] = value
    data = bytearray()
    for i in range(0, len(text), 4):
        group = values[text[i]] << 18 | values[text[i + 1]] << 12 | values[text[i + 2]] << 6 | values[text[i + 3]]
        data.append(group >> 16)
        data.append(group >> 8 & 0xFF)
        data.append(group & 0xFF)
    return data


def run(n: int) -> int:
    """Encode and decode ``3 * n`` bytes; return a checksum of both texts."""
    text = encode(bytes((i * 7 + (i >> 5)) & 0xFF for i in range(3 * n)))
    total = 0
    for a, b in zip(decode(text), text):  # noqa: B905 - the first is shorter, and Python 3.9 has no strict
        total = (total + a + b) * 31 & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
