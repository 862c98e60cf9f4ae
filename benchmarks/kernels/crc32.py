"""Table look-ups by byte: CRC-32."""

SIZE = 150_000
SMALL = 1_500


def run(n: int) -> int:
    """Return the CRC-32 of a buffer of ``n`` bytes, as a signed number."""
    table = []
    for i in range(256):
        c = i
        for _ in range(8):
            c = 0xEDB88320 ^ (c >> 1) if c & 1 else c >> 1
        table.append(c)
    data = bytes((i * 7 + (i >> 5)) & 0xFF for i in range(n))
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return crc - 0x100000000 if crc > 0x7FFFFFFF else crc
