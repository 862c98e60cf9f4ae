"""THE opcode table: one row for every instruction.

It has those of WebAssembly 3.0, of the threads proposal, of legacy exceptions and of the later proposals whose binaries
we can decode.

Decoder, validator, IR builder, emitter and tests derive from these rows.  Columns: bytes (a second number, in decimal,
follows a prefix byte), name in the text format, immediates, signature.  A ``[feature]`` line names the proposal of the
rows below it, and those that they need besides.
"""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.wasm.types import F32, F64, I32, I64, V128, NumType

IMMEDIATES = {
    "-": "none: None",
    "zero": "one zero byte: None",
    "i32": "int, as the signed number in the binary",
    "i64": "int, as the signed number in the binary",
    "f32": "int, the bits of the float",
    "f64": "int, the bits of the float",
    "v128": "int, the 16 bytes as a little-endian number",
    "block": "BlockType",
    "label": "int, relative depth",
    "labels": "tuple of int, relative depths; the last one is the default",
    "func": "int",
    "type": "int",
    "local": "int",
    "global": "int",
    "table": "int",
    "memory": "int",
    "data": "int",
    "element": "int",
    "tag": "int",
    "type_table": "(type index, table index)",
    "data_memory": "(data segment, memory)",
    "memory_memory": "(destination memory, source memory)",
    "element_table": "(element segment, table)",
    "table_table": "(destination table, source table)",
    "type_field": "(type index, field index)",
    "type_count": "(type index, number of operands)",
    "type_data": "(type index, data segment)",
    "type_element": "(type index, element segment)",
    "type_type": "(destination type, source type)",
    "heap": "heap type: type index or name",
    "types": "tuple of ValType",
    "cast": "(label, source RefType, target RefType)",
    "catches": "(BlockType, tuple of Catch)",
    "memarg": "MemArg",
    "memarg_lane": "(MemArg, lane)",
    "lane": "int",
    "shuffle": "tuple of 16 lanes",
}
"""Kinds of immediates, and what ``Instruction.imm`` holds for each."""

ADDRESS = "a"
"""Stands in signatures for the address type of the memory at hand: i32, or i64 for a 64-bit memory."""

SigType = NumType | str


@dataclass(frozen=True, slots=True, eq=False)
class Opcode:
    """One instruction.

    :ivar code: the byte, or ``prefix << 16 | number`` behind a prefix byte
    :ivar name: name in the text format; the forms for nullable types end in ``_null``
    :ivar immediate: a key of :data:`IMMEDIATES`
    :ivar size: bytes accessed in memory, or number of lanes; 0 where neither applies
    :ivar params: operand types, or ``None`` where the type depends on more than the opcode; see :data:`ADDRESS`
    :ivar results: result types, or ``None`` likewise
    :ivar features: names of the proposals that it needs, see :mod:`wasm2py.features`; its own comes first
    """

    code: int
    name: str
    immediate: str
    size: int
    params: tuple[SigType, ...] | None
    results: tuple[SigType, ...] | None
    features: tuple[str, ...]

    @property
    def feature(self) -> str:
        """The proposal that it belongs to."""
        return self.features[0]

    def __reduce__(self) -> tuple[object, ...]:
        return OPCODES.__getitem__, (self.code,)


_TABLE = """
[mvp]  control
00      unreachable                        -              *
01      nop                                -              ->
02      block                              block          *
03      loop                               block          *
04      if                                 block          *
05      else                               -              *
0b      end                                -              *
0c      br                                 label          *
0d      br_if                              label          *
0e      br_table                           labels         *
0f      return                             -              *
10      call                               func           *
11      call_indirect                      type_table     *
1a      drop                               -              *
1b      select                             -              *
20      local.get                          local          *
21      local.set                          local          *
22      local.tee                          local          *
23      global.get                         global         *
24      global.set                         global         *

[mvp]  memory
28      i32.load                           memarg:4       a -> i32
29      i64.load                           memarg:8       a -> i64
2a      f32.load                           memarg:4       a -> f32
2b      f64.load                           memarg:8       a -> f64
2c      i32.load8_s                        memarg:1       a -> i32
2d      i32.load8_u                        memarg:1       a -> i32
2e      i32.load16_s                       memarg:2       a -> i32
2f      i32.load16_u                       memarg:2       a -> i32
30      i64.load8_s                        memarg:1       a -> i64
31      i64.load8_u                        memarg:1       a -> i64
32      i64.load16_s                       memarg:2       a -> i64
33      i64.load16_u                       memarg:2       a -> i64
34      i64.load32_s                       memarg:4       a -> i64
35      i64.load32_u                       memarg:4       a -> i64
36      i32.store                          memarg:4       a i32 ->
37      i64.store                          memarg:8       a i64 ->
38      f32.store                          memarg:4       a f32 ->
39      f64.store                          memarg:8       a f64 ->
3a      i32.store8                         memarg:1       a i32 ->
3b      i32.store16                        memarg:2       a i32 ->
3c      i64.store8                         memarg:1       a i64 ->
3d      i64.store16                        memarg:2       a i64 ->
3e      i64.store32                        memarg:4       a i64 ->
3f      memory.size                        memory         -> a
40      memory.grow                        memory         a -> a

[mvp]  numbers
41      i32.const                          i32            -> i32
42      i64.const                          i64            -> i64
43      f32.const                          f32            -> f32
44      f64.const                          f64            -> f64
45      i32.eqz                            -              i32 -> i32
46      i32.eq                             -              i32 i32 -> i32
47      i32.ne                             -              i32 i32 -> i32
48      i32.lt_s                           -              i32 i32 -> i32
49      i32.lt_u                           -              i32 i32 -> i32
4a      i32.gt_s                           -              i32 i32 -> i32
4b      i32.gt_u                           -              i32 i32 -> i32
4c      i32.le_s                           -              i32 i32 -> i32
4d      i32.le_u                           -              i32 i32 -> i32
4e      i32.ge_s                           -              i32 i32 -> i32
4f      i32.ge_u                           -              i32 i32 -> i32
50      i64.eqz                            -              i64 -> i32
51      i64.eq                             -              i64 i64 -> i32
52      i64.ne                             -              i64 i64 -> i32
53      i64.lt_s                           -              i64 i64 -> i32
54      i64.lt_u                           -              i64 i64 -> i32
55      i64.gt_s                           -              i64 i64 -> i32
56      i64.gt_u                           -              i64 i64 -> i32
57      i64.le_s                           -              i64 i64 -> i32
58      i64.le_u                           -              i64 i64 -> i32
59      i64.ge_s                           -              i64 i64 -> i32
5a      i64.ge_u                           -              i64 i64 -> i32
5b      f32.eq                             -              f32 f32 -> i32
5c      f32.ne                             -              f32 f32 -> i32
5d      f32.lt                             -              f32 f32 -> i32
5e      f32.gt                             -              f32 f32 -> i32
5f      f32.le                             -              f32 f32 -> i32
60      f32.ge                             -              f32 f32 -> i32
61      f64.eq                             -              f64 f64 -> i32
62      f64.ne                             -              f64 f64 -> i32
63      f64.lt                             -              f64 f64 -> i32
64      f64.gt                             -              f64 f64 -> i32
65      f64.le                             -              f64 f64 -> i32
66      f64.ge                             -              f64 f64 -> i32
67      i32.clz                            -              i32 -> i32
68      i32.ctz                            -              i32 -> i32
69      i32.popcnt                         -              i32 -> i32
6a      i32.add                            -              i32 i32 -> i32
6b      i32.sub                            -              i32 i32 -> i32
6c      i32.mul                            -              i32 i32 -> i32
6d      i32.div_s                          -              i32 i32 -> i32
6e      i32.div_u                          -              i32 i32 -> i32
6f      i32.rem_s                          -              i32 i32 -> i32
70      i32.rem_u                          -              i32 i32 -> i32
71      i32.and                            -              i32 i32 -> i32
72      i32.or                             -              i32 i32 -> i32
73      i32.xor                            -              i32 i32 -> i32
74      i32.shl                            -              i32 i32 -> i32
75      i32.shr_s                          -              i32 i32 -> i32
76      i32.shr_u                          -              i32 i32 -> i32
77      i32.rotl                           -              i32 i32 -> i32
78      i32.rotr                           -              i32 i32 -> i32
79      i64.clz                            -              i64 -> i64
7a      i64.ctz                            -              i64 -> i64
7b      i64.popcnt                         -              i64 -> i64
7c      i64.add                            -              i64 i64 -> i64
7d      i64.sub                            -              i64 i64 -> i64
7e      i64.mul                            -              i64 i64 -> i64
7f      i64.div_s                          -              i64 i64 -> i64
80      i64.div_u                          -              i64 i64 -> i64
81      i64.rem_s                          -              i64 i64 -> i64
82      i64.rem_u                          -              i64 i64 -> i64
83      i64.and                            -              i64 i64 -> i64
84      i64.or                             -              i64 i64 -> i64
85      i64.xor                            -              i64 i64 -> i64
86      i64.shl                            -              i64 i64 -> i64
87      i64.shr_s                          -              i64 i64 -> i64
88      i64.shr_u                          -              i64 i64 -> i64
89      i64.rotl                           -              i64 i64 -> i64
8a      i64.rotr                           -              i64 i64 -> i64
8b      f32.abs                            -              f32 -> f32
8c      f32.neg                            -              f32 -> f32
8d      f32.ceil                           -              f32 -> f32
8e      f32.floor                          -              f32 -> f32
8f      f32.trunc                          -              f32 -> f32
90      f32.nearest                        -              f32 -> f32
91      f32.sqrt                           -              f32 -> f32
92      f32.add                            -              f32 f32 -> f32
93      f32.sub                            -              f32 f32 -> f32
94      f32.mul                            -              f32 f32 -> f32
95      f32.div                            -              f32 f32 -> f32
96      f32.min                            -              f32 f32 -> f32
97      f32.max                            -              f32 f32 -> f32
98      f32.copysign                       -              f32 f32 -> f32
99      f64.abs                            -              f64 -> f64
9a      f64.neg                            -              f64 -> f64
9b      f64.ceil                           -              f64 -> f64
9c      f64.floor                          -              f64 -> f64
9d      f64.trunc                          -              f64 -> f64
9e      f64.nearest                        -              f64 -> f64
9f      f64.sqrt                           -              f64 -> f64
a0      f64.add                            -              f64 f64 -> f64
a1      f64.sub                            -              f64 f64 -> f64
a2      f64.mul                            -              f64 f64 -> f64
a3      f64.div                            -              f64 f64 -> f64
a4      f64.min                            -              f64 f64 -> f64
a5      f64.max                            -              f64 f64 -> f64
a6      f64.copysign                       -              f64 f64 -> f64
a7      i32.wrap_i64                       -              i64 -> i32
a8      i32.trunc_f32_s                    -              f32 -> i32
a9      i32.trunc_f32_u                    -              f32 -> i32
aa      i32.trunc_f64_s                    -              f64 -> i32
ab      i32.trunc_f64_u                    -              f64 -> i32
ac      i64.extend_i32_s                   -              i32 -> i64
ad      i64.extend_i32_u                   -              i32 -> i64
ae      i64.trunc_f32_s                    -              f32 -> i64
af      i64.trunc_f32_u                    -              f32 -> i64
b0      i64.trunc_f64_s                    -              f64 -> i64
b1      i64.trunc_f64_u                    -              f64 -> i64
b2      f32.convert_i32_s                  -              i32 -> f32
b3      f32.convert_i32_u                  -              i32 -> f32
b4      f32.convert_i64_s                  -              i64 -> f32
b5      f32.convert_i64_u                  -              i64 -> f32
b6      f32.demote_f64                     -              f64 -> f32
b7      f64.convert_i32_s                  -              i32 -> f64
b8      f64.convert_i32_u                  -              i32 -> f64
b9      f64.convert_i64_s                  -              i64 -> f64
ba      f64.convert_i64_u                  -              i64 -> f64
bb      f64.promote_f32                    -              f32 -> f64
bc      i32.reinterpret_f32                -              f32 -> i32
bd      i64.reinterpret_f64                -              f64 -> i64
be      f32.reinterpret_i32                -              i32 -> f32
bf      f64.reinterpret_i64                -              i64 -> f64

[sign-extension]
c0      i32.extend8_s                      -              i32 -> i32
c1      i32.extend16_s                     -              i32 -> i32
c2      i64.extend8_s                      -              i64 -> i64
c3      i64.extend16_s                     -              i64 -> i64
c4      i64.extend32_s                     -              i64 -> i64

[saturating-float-to-int]
fc:0    i32.trunc_sat_f32_s                -              f32 -> i32
fc:1    i32.trunc_sat_f32_u                -              f32 -> i32
fc:2    i32.trunc_sat_f64_s                -              f64 -> i32
fc:3    i32.trunc_sat_f64_u                -              f64 -> i32
fc:4    i64.trunc_sat_f32_s                -              f32 -> i64
fc:5    i64.trunc_sat_f32_u                -              f32 -> i64
fc:6    i64.trunc_sat_f64_s                -              f64 -> i64
fc:7    i64.trunc_sat_f64_u                -              f64 -> i64

[bulk-memory]
fc:8    memory.init                        data_memory    *
fc:9    data.drop                          data           ->
fc:10   memory.copy                        memory_memory  *
fc:11   memory.fill                        memory         a i32 a ->
fc:12   table.init                         element_table  *
fc:13   elem.drop                          element        ->
fc:14   table.copy                         table_table    *

[reference-types]
1c      select_t                           types          *
25      table.get                          table          *
26      table.set                          table          *
d0      ref.null                           heap           *
d1      ref.is_null                        -              *
d2      ref.func                           func           *
fc:15   table.grow                         table          *
fc:16   table.size                         table          *
fc:17   table.fill                         table          *

[tail-call]
12      return_call                        func           *
13      return_call_indirect               type_table     *

[function-references]
14      call_ref                           type           *
d4      ref.as_non_null                    -              *
d5      br_on_null                         label          *
d6      br_on_non_null                     label          *

[function-references, tail-call]
15      return_call_ref                    type           *

[exceptions]
08      throw                              tag            *
0a      throw_ref                          -              *
1f      try_table                          catches        *

[legacy-exceptions]
06      try                                block          *
07      catch                              tag            *
09      rethrow                            label          *
18      delegate                           label          *
19      catch_all                          -              *

[gc]
d3      ref.eq                             -              *
fb:0    struct.new                         type           *
fb:1    struct.new_default                 type           *
fb:2    struct.get                         type_field     *
fb:3    struct.get_s                       type_field     *
fb:4    struct.get_u                       type_field     *
fb:5    struct.set                         type_field     *
fb:6    array.new                          type           *
fb:7    array.new_default                  type           *
fb:8    array.new_fixed                    type_count     *
fb:9    array.new_data                     type_data      *
fb:10   array.new_elem                     type_element   *
fb:11   array.get                          type           *
fb:12   array.get_s                        type           *
fb:13   array.get_u                        type           *
fb:14   array.set                          type           *
fb:15   array.len                          -              *
fb:16   array.fill                         type           *
fb:17   array.copy                         type_type      *
fb:18   array.init_data                    type_data      *
fb:19   array.init_elem                    type_element   *
fb:20   ref.test                           heap           *
fb:21   ref.test_null                      heap           *
fb:22   ref.cast                           heap           *
fb:23   ref.cast_null                      heap           *
fb:24   br_on_cast                         cast           *
fb:25   br_on_cast_fail                    cast           *
fb:26   any.convert_extern                 -              *
fb:27   extern.convert_any                 -              *
fb:28   ref.i31                            -              *
fb:29   i31.get_s                          -              *
fb:30   i31.get_u                          -              *

[simd]
fd:0    v128.load                          memarg:16      a -> v128
fd:1    v128.load8x8_s                     memarg:8       a -> v128
fd:2    v128.load8x8_u                     memarg:8       a -> v128
fd:3    v128.load16x4_s                    memarg:8       a -> v128
fd:4    v128.load16x4_u                    memarg:8       a -> v128
fd:5    v128.load32x2_s                    memarg:8       a -> v128
fd:6    v128.load32x2_u                    memarg:8       a -> v128
fd:7    v128.load8_splat                   memarg:1       a -> v128
fd:8    v128.load16_splat                  memarg:2       a -> v128
fd:9    v128.load32_splat                  memarg:4       a -> v128
fd:10   v128.load64_splat                  memarg:8       a -> v128
fd:11   v128.store                         memarg:16      a v128 ->
fd:12   v128.const                         v128           -> v128
fd:13   i8x16.shuffle                      shuffle        v128 v128 -> v128
fd:14   i8x16.swizzle                      -              v128 v128 -> v128
fd:15   i8x16.splat                        -              i32 -> v128
fd:16   i16x8.splat                        -              i32 -> v128
fd:17   i32x4.splat                        -              i32 -> v128
fd:18   i64x2.splat                        -              i64 -> v128
fd:19   f32x4.splat                        -              f32 -> v128
fd:20   f64x2.splat                        -              f64 -> v128
fd:21   i8x16.extract_lane_s               lane:16        v128 -> i32
fd:22   i8x16.extract_lane_u               lane:16        v128 -> i32
fd:23   i8x16.replace_lane                 lane:16        v128 i32 -> v128
fd:24   i16x8.extract_lane_s               lane:8         v128 -> i32
fd:25   i16x8.extract_lane_u               lane:8         v128 -> i32
fd:26   i16x8.replace_lane                 lane:8         v128 i32 -> v128
fd:27   i32x4.extract_lane                 lane:4         v128 -> i32
fd:28   i32x4.replace_lane                 lane:4         v128 i32 -> v128
fd:29   i64x2.extract_lane                 lane:2         v128 -> i64
fd:30   i64x2.replace_lane                 lane:2         v128 i64 -> v128
fd:31   f32x4.extract_lane                 lane:4         v128 -> f32
fd:32   f32x4.replace_lane                 lane:4         v128 f32 -> v128
fd:33   f64x2.extract_lane                 lane:2         v128 -> f64
fd:34   f64x2.replace_lane                 lane:2         v128 f64 -> v128
fd:35   i8x16.eq                           -              v128 v128 -> v128
fd:36   i8x16.ne                           -              v128 v128 -> v128
fd:37   i8x16.lt_s                         -              v128 v128 -> v128
fd:38   i8x16.lt_u                         -              v128 v128 -> v128
fd:39   i8x16.gt_s                         -              v128 v128 -> v128
fd:40   i8x16.gt_u                         -              v128 v128 -> v128
fd:41   i8x16.le_s                         -              v128 v128 -> v128
fd:42   i8x16.le_u                         -              v128 v128 -> v128
fd:43   i8x16.ge_s                         -              v128 v128 -> v128
fd:44   i8x16.ge_u                         -              v128 v128 -> v128
fd:45   i16x8.eq                           -              v128 v128 -> v128
fd:46   i16x8.ne                           -              v128 v128 -> v128
fd:47   i16x8.lt_s                         -              v128 v128 -> v128
fd:48   i16x8.lt_u                         -              v128 v128 -> v128
fd:49   i16x8.gt_s                         -              v128 v128 -> v128
fd:50   i16x8.gt_u                         -              v128 v128 -> v128
fd:51   i16x8.le_s                         -              v128 v128 -> v128
fd:52   i16x8.le_u                         -              v128 v128 -> v128
fd:53   i16x8.ge_s                         -              v128 v128 -> v128
fd:54   i16x8.ge_u                         -              v128 v128 -> v128
fd:55   i32x4.eq                           -              v128 v128 -> v128
fd:56   i32x4.ne                           -              v128 v128 -> v128
fd:57   i32x4.lt_s                         -              v128 v128 -> v128
fd:58   i32x4.lt_u                         -              v128 v128 -> v128
fd:59   i32x4.gt_s                         -              v128 v128 -> v128
fd:60   i32x4.gt_u                         -              v128 v128 -> v128
fd:61   i32x4.le_s                         -              v128 v128 -> v128
fd:62   i32x4.le_u                         -              v128 v128 -> v128
fd:63   i32x4.ge_s                         -              v128 v128 -> v128
fd:64   i32x4.ge_u                         -              v128 v128 -> v128
fd:65   f32x4.eq                           -              v128 v128 -> v128
fd:66   f32x4.ne                           -              v128 v128 -> v128
fd:67   f32x4.lt                           -              v128 v128 -> v128
fd:68   f32x4.gt                           -              v128 v128 -> v128
fd:69   f32x4.le                           -              v128 v128 -> v128
fd:70   f32x4.ge                           -              v128 v128 -> v128
fd:71   f64x2.eq                           -              v128 v128 -> v128
fd:72   f64x2.ne                           -              v128 v128 -> v128
fd:73   f64x2.lt                           -              v128 v128 -> v128
fd:74   f64x2.gt                           -              v128 v128 -> v128
fd:75   f64x2.le                           -              v128 v128 -> v128
fd:76   f64x2.ge                           -              v128 v128 -> v128
fd:77   v128.not                           -              v128 -> v128
fd:78   v128.and                           -              v128 v128 -> v128
fd:79   v128.andnot                        -              v128 v128 -> v128
fd:80   v128.or                            -              v128 v128 -> v128
fd:81   v128.xor                           -              v128 v128 -> v128
fd:82   v128.bitselect                     -              v128 v128 v128 -> v128
fd:83   v128.any_true                      -              v128 -> i32
fd:84   v128.load8_lane                    memarg_lane:1  a v128 -> v128
fd:85   v128.load16_lane                   memarg_lane:2  a v128 -> v128
fd:86   v128.load32_lane                   memarg_lane:4  a v128 -> v128
fd:87   v128.load64_lane                   memarg_lane:8  a v128 -> v128
fd:88   v128.store8_lane                   memarg_lane:1  a v128 ->
fd:89   v128.store16_lane                  memarg_lane:2  a v128 ->
fd:90   v128.store32_lane                  memarg_lane:4  a v128 ->
fd:91   v128.store64_lane                  memarg_lane:8  a v128 ->
fd:92   v128.load32_zero                   memarg:4       a -> v128
fd:93   v128.load64_zero                   memarg:8       a -> v128
fd:94   f32x4.demote_f64x2_zero            -              v128 -> v128
fd:95   f64x2.promote_low_f32x4            -              v128 -> v128
fd:96   i8x16.abs                          -              v128 -> v128
fd:97   i8x16.neg                          -              v128 -> v128
fd:98   i8x16.popcnt                       -              v128 -> v128
fd:99   i8x16.all_true                     -              v128 -> i32
fd:100  i8x16.bitmask                      -              v128 -> i32
fd:101  i8x16.narrow_i16x8_s               -              v128 v128 -> v128
fd:102  i8x16.narrow_i16x8_u               -              v128 v128 -> v128
fd:103  f32x4.ceil                         -              v128 -> v128
fd:104  f32x4.floor                        -              v128 -> v128
fd:105  f32x4.trunc                        -              v128 -> v128
fd:106  f32x4.nearest                      -              v128 -> v128
fd:107  i8x16.shl                          -              v128 i32 -> v128
fd:108  i8x16.shr_s                        -              v128 i32 -> v128
fd:109  i8x16.shr_u                        -              v128 i32 -> v128
fd:110  i8x16.add                          -              v128 v128 -> v128
fd:111  i8x16.add_sat_s                    -              v128 v128 -> v128
fd:112  i8x16.add_sat_u                    -              v128 v128 -> v128
fd:113  i8x16.sub                          -              v128 v128 -> v128
fd:114  i8x16.sub_sat_s                    -              v128 v128 -> v128
fd:115  i8x16.sub_sat_u                    -              v128 v128 -> v128
fd:116  f64x2.ceil                         -              v128 -> v128
fd:117  f64x2.floor                        -              v128 -> v128
fd:118  i8x16.min_s                        -              v128 v128 -> v128
fd:119  i8x16.min_u                        -              v128 v128 -> v128
fd:120  i8x16.max_s                        -              v128 v128 -> v128
fd:121  i8x16.max_u                        -              v128 v128 -> v128
fd:122  f64x2.trunc                        -              v128 -> v128
fd:123  i8x16.avgr_u                       -              v128 v128 -> v128
fd:124  i16x8.extadd_pairwise_i8x16_s      -              v128 -> v128
fd:125  i16x8.extadd_pairwise_i8x16_u      -              v128 -> v128
fd:126  i32x4.extadd_pairwise_i16x8_s      -              v128 -> v128
fd:127  i32x4.extadd_pairwise_i16x8_u      -              v128 -> v128
fd:128  i16x8.abs                          -              v128 -> v128
fd:129  i16x8.neg                          -              v128 -> v128
fd:130  i16x8.q15mulr_sat_s                -              v128 v128 -> v128
fd:131  i16x8.all_true                     -              v128 -> i32
fd:132  i16x8.bitmask                      -              v128 -> i32
fd:133  i16x8.narrow_i32x4_s               -              v128 v128 -> v128
fd:134  i16x8.narrow_i32x4_u               -              v128 v128 -> v128
fd:135  i16x8.extend_low_i8x16_s           -              v128 -> v128
fd:136  i16x8.extend_high_i8x16_s          -              v128 -> v128
fd:137  i16x8.extend_low_i8x16_u           -              v128 -> v128
fd:138  i16x8.extend_high_i8x16_u          -              v128 -> v128
fd:139  i16x8.shl                          -              v128 i32 -> v128
fd:140  i16x8.shr_s                        -              v128 i32 -> v128
fd:141  i16x8.shr_u                        -              v128 i32 -> v128
fd:142  i16x8.add                          -              v128 v128 -> v128
fd:143  i16x8.add_sat_s                    -              v128 v128 -> v128
fd:144  i16x8.add_sat_u                    -              v128 v128 -> v128
fd:145  i16x8.sub                          -              v128 v128 -> v128
fd:146  i16x8.sub_sat_s                    -              v128 v128 -> v128
fd:147  i16x8.sub_sat_u                    -              v128 v128 -> v128
fd:148  f64x2.nearest                      -              v128 -> v128
fd:149  i16x8.mul                          -              v128 v128 -> v128
fd:150  i16x8.min_s                        -              v128 v128 -> v128
fd:151  i16x8.min_u                        -              v128 v128 -> v128
fd:152  i16x8.max_s                        -              v128 v128 -> v128
fd:153  i16x8.max_u                        -              v128 v128 -> v128
fd:155  i16x8.avgr_u                       -              v128 v128 -> v128
fd:156  i16x8.extmul_low_i8x16_s           -              v128 v128 -> v128
fd:157  i16x8.extmul_high_i8x16_s          -              v128 v128 -> v128
fd:158  i16x8.extmul_low_i8x16_u           -              v128 v128 -> v128
fd:159  i16x8.extmul_high_i8x16_u          -              v128 v128 -> v128
fd:160  i32x4.abs                          -              v128 -> v128
fd:161  i32x4.neg                          -              v128 -> v128
fd:163  i32x4.all_true                     -              v128 -> i32
fd:164  i32x4.bitmask                      -              v128 -> i32
fd:167  i32x4.extend_low_i16x8_s           -              v128 -> v128
fd:168  i32x4.extend_high_i16x8_s          -              v128 -> v128
fd:169  i32x4.extend_low_i16x8_u           -              v128 -> v128
fd:170  i32x4.extend_high_i16x8_u          -              v128 -> v128
fd:171  i32x4.shl                          -              v128 i32 -> v128
fd:172  i32x4.shr_s                        -              v128 i32 -> v128
fd:173  i32x4.shr_u                        -              v128 i32 -> v128
fd:174  i32x4.add                          -              v128 v128 -> v128
fd:177  i32x4.sub                          -              v128 v128 -> v128
fd:181  i32x4.mul                          -              v128 v128 -> v128
fd:182  i32x4.min_s                        -              v128 v128 -> v128
fd:183  i32x4.min_u                        -              v128 v128 -> v128
fd:184  i32x4.max_s                        -              v128 v128 -> v128
fd:185  i32x4.max_u                        -              v128 v128 -> v128
fd:186  i32x4.dot_i16x8_s                  -              v128 v128 -> v128
fd:188  i32x4.extmul_low_i16x8_s           -              v128 v128 -> v128
fd:189  i32x4.extmul_high_i16x8_s          -              v128 v128 -> v128
fd:190  i32x4.extmul_low_i16x8_u           -              v128 v128 -> v128
fd:191  i32x4.extmul_high_i16x8_u          -              v128 v128 -> v128
fd:192  i64x2.abs                          -              v128 -> v128
fd:193  i64x2.neg                          -              v128 -> v128
fd:195  i64x2.all_true                     -              v128 -> i32
fd:196  i64x2.bitmask                      -              v128 -> i32
fd:199  i64x2.extend_low_i32x4_s           -              v128 -> v128
fd:200  i64x2.extend_high_i32x4_s          -              v128 -> v128
fd:201  i64x2.extend_low_i32x4_u           -              v128 -> v128
fd:202  i64x2.extend_high_i32x4_u          -              v128 -> v128
fd:203  i64x2.shl                          -              v128 i32 -> v128
fd:204  i64x2.shr_s                        -              v128 i32 -> v128
fd:205  i64x2.shr_u                        -              v128 i32 -> v128
fd:206  i64x2.add                          -              v128 v128 -> v128
fd:209  i64x2.sub                          -              v128 v128 -> v128
fd:213  i64x2.mul                          -              v128 v128 -> v128
fd:214  i64x2.eq                           -              v128 v128 -> v128
fd:215  i64x2.ne                           -              v128 v128 -> v128
fd:216  i64x2.lt_s                         -              v128 v128 -> v128
fd:217  i64x2.gt_s                         -              v128 v128 -> v128
fd:218  i64x2.le_s                         -              v128 v128 -> v128
fd:219  i64x2.ge_s                         -              v128 v128 -> v128
fd:220  i64x2.extmul_low_i32x4_s           -              v128 v128 -> v128
fd:221  i64x2.extmul_high_i32x4_s          -              v128 v128 -> v128
fd:222  i64x2.extmul_low_i32x4_u           -              v128 v128 -> v128
fd:223  i64x2.extmul_high_i32x4_u          -              v128 v128 -> v128
fd:224  f32x4.abs                          -              v128 -> v128
fd:225  f32x4.neg                          -              v128 -> v128
fd:227  f32x4.sqrt                         -              v128 -> v128
fd:228  f32x4.add                          -              v128 v128 -> v128
fd:229  f32x4.sub                          -              v128 v128 -> v128
fd:230  f32x4.mul                          -              v128 v128 -> v128
fd:231  f32x4.div                          -              v128 v128 -> v128
fd:232  f32x4.min                          -              v128 v128 -> v128
fd:233  f32x4.max                          -              v128 v128 -> v128
fd:234  f32x4.pmin                         -              v128 v128 -> v128
fd:235  f32x4.pmax                         -              v128 v128 -> v128
fd:236  f64x2.abs                          -              v128 -> v128
fd:237  f64x2.neg                          -              v128 -> v128
fd:239  f64x2.sqrt                         -              v128 -> v128
fd:240  f64x2.add                          -              v128 v128 -> v128
fd:241  f64x2.sub                          -              v128 v128 -> v128
fd:242  f64x2.mul                          -              v128 v128 -> v128
fd:243  f64x2.div                          -              v128 v128 -> v128
fd:244  f64x2.min                          -              v128 v128 -> v128
fd:245  f64x2.max                          -              v128 v128 -> v128
fd:246  f64x2.pmin                         -              v128 v128 -> v128
fd:247  f64x2.pmax                         -              v128 v128 -> v128
fd:248  i32x4.trunc_sat_f32x4_s            -              v128 -> v128
fd:249  i32x4.trunc_sat_f32x4_u            -              v128 -> v128
fd:250  f32x4.convert_i32x4_s              -              v128 -> v128
fd:251  f32x4.convert_i32x4_u              -              v128 -> v128
fd:252  i32x4.trunc_sat_f64x2_s_zero       -              v128 -> v128
fd:253  i32x4.trunc_sat_f64x2_u_zero       -              v128 -> v128
fd:254  f64x2.convert_low_i32x4_s          -              v128 -> v128
fd:255  f64x2.convert_low_i32x4_u          -              v128 -> v128

[relaxed-simd]
fd:256  i8x16.relaxed_swizzle              -              v128 v128 -> v128
fd:257  i32x4.relaxed_trunc_f32x4_s        -              v128 -> v128
fd:258  i32x4.relaxed_trunc_f32x4_u        -              v128 -> v128
fd:259  i32x4.relaxed_trunc_f64x2_s_zero   -              v128 -> v128
fd:260  i32x4.relaxed_trunc_f64x2_u_zero   -              v128 -> v128
fd:261  f32x4.relaxed_madd                 -              v128 v128 v128 -> v128
fd:262  f32x4.relaxed_nmadd                -              v128 v128 v128 -> v128
fd:263  f64x2.relaxed_madd                 -              v128 v128 v128 -> v128
fd:264  f64x2.relaxed_nmadd                -              v128 v128 v128 -> v128
fd:265  i8x16.relaxed_laneselect           -              v128 v128 v128 -> v128
fd:266  i16x8.relaxed_laneselect           -              v128 v128 v128 -> v128
fd:267  i32x4.relaxed_laneselect           -              v128 v128 v128 -> v128
fd:268  i64x2.relaxed_laneselect           -              v128 v128 v128 -> v128
fd:269  f32x4.relaxed_min                  -              v128 v128 -> v128
fd:270  f32x4.relaxed_max                  -              v128 v128 -> v128
fd:271  f64x2.relaxed_min                  -              v128 v128 -> v128
fd:272  f64x2.relaxed_max                  -              v128 v128 -> v128
fd:273  i16x8.relaxed_q15mulr_s            -              v128 v128 -> v128
fd:274  i16x8.relaxed_dot_i8x16_i7x16_s    -              v128 v128 -> v128
fd:275  i32x4.relaxed_dot_i8x16_i7x16_add_s -              v128 v128 v128 -> v128

[threads]
fe:0    memory.atomic.notify               memarg:4       a i32 -> i32
fe:1    memory.atomic.wait32               memarg:4       a i32 i64 -> i32
fe:2    memory.atomic.wait64               memarg:8       a i64 i64 -> i32
fe:3    atomic.fence                       zero           ->
fe:16   i32.atomic.load                    memarg:4       a -> i32
fe:17   i64.atomic.load                    memarg:8       a -> i64
fe:18   i32.atomic.load8_u                 memarg:1       a -> i32
fe:19   i32.atomic.load16_u                memarg:2       a -> i32
fe:20   i64.atomic.load8_u                 memarg:1       a -> i64
fe:21   i64.atomic.load16_u                memarg:2       a -> i64
fe:22   i64.atomic.load32_u                memarg:4       a -> i64
fe:23   i32.atomic.store                   memarg:4       a i32 ->
fe:24   i64.atomic.store                   memarg:8       a i64 ->
fe:25   i32.atomic.store8                  memarg:1       a i32 ->
fe:26   i32.atomic.store16                 memarg:2       a i32 ->
fe:27   i64.atomic.store8                  memarg:1       a i64 ->
fe:28   i64.atomic.store16                 memarg:2       a i64 ->
fe:29   i64.atomic.store32                 memarg:4       a i64 ->
fe:30   i32.atomic.rmw.add                 memarg:4       a i32 -> i32
fe:31   i64.atomic.rmw.add                 memarg:8       a i64 -> i64
fe:32   i32.atomic.rmw8.add_u              memarg:1       a i32 -> i32
fe:33   i32.atomic.rmw16.add_u             memarg:2       a i32 -> i32
fe:34   i64.atomic.rmw8.add_u              memarg:1       a i64 -> i64
fe:35   i64.atomic.rmw16.add_u             memarg:2       a i64 -> i64
fe:36   i64.atomic.rmw32.add_u             memarg:4       a i64 -> i64
fe:37   i32.atomic.rmw.sub                 memarg:4       a i32 -> i32
fe:38   i64.atomic.rmw.sub                 memarg:8       a i64 -> i64
fe:39   i32.atomic.rmw8.sub_u              memarg:1       a i32 -> i32
fe:40   i32.atomic.rmw16.sub_u             memarg:2       a i32 -> i32
fe:41   i64.atomic.rmw8.sub_u              memarg:1       a i64 -> i64
fe:42   i64.atomic.rmw16.sub_u             memarg:2       a i64 -> i64
fe:43   i64.atomic.rmw32.sub_u             memarg:4       a i64 -> i64
fe:44   i32.atomic.rmw.and                 memarg:4       a i32 -> i32
fe:45   i64.atomic.rmw.and                 memarg:8       a i64 -> i64
fe:46   i32.atomic.rmw8.and_u              memarg:1       a i32 -> i32
fe:47   i32.atomic.rmw16.and_u             memarg:2       a i32 -> i32
fe:48   i64.atomic.rmw8.and_u              memarg:1       a i64 -> i64
fe:49   i64.atomic.rmw16.and_u             memarg:2       a i64 -> i64
fe:50   i64.atomic.rmw32.and_u             memarg:4       a i64 -> i64
fe:51   i32.atomic.rmw.or                  memarg:4       a i32 -> i32
fe:52   i64.atomic.rmw.or                  memarg:8       a i64 -> i64
fe:53   i32.atomic.rmw8.or_u               memarg:1       a i32 -> i32
fe:54   i32.atomic.rmw16.or_u              memarg:2       a i32 -> i32
fe:55   i64.atomic.rmw8.or_u               memarg:1       a i64 -> i64
fe:56   i64.atomic.rmw16.or_u              memarg:2       a i64 -> i64
fe:57   i64.atomic.rmw32.or_u              memarg:4       a i64 -> i64
fe:58   i32.atomic.rmw.xor                 memarg:4       a i32 -> i32
fe:59   i64.atomic.rmw.xor                 memarg:8       a i64 -> i64
fe:60   i32.atomic.rmw8.xor_u              memarg:1       a i32 -> i32
fe:61   i32.atomic.rmw16.xor_u             memarg:2       a i32 -> i32
fe:62   i64.atomic.rmw8.xor_u              memarg:1       a i64 -> i64
fe:63   i64.atomic.rmw16.xor_u             memarg:2       a i64 -> i64
fe:64   i64.atomic.rmw32.xor_u             memarg:4       a i64 -> i64
fe:65   i32.atomic.rmw.xchg                memarg:4       a i32 -> i32
fe:66   i64.atomic.rmw.xchg                memarg:8       a i64 -> i64
fe:67   i32.atomic.rmw8.xchg_u             memarg:1       a i32 -> i32
fe:68   i32.atomic.rmw16.xchg_u            memarg:2       a i32 -> i32
fe:69   i64.atomic.rmw8.xchg_u             memarg:1       a i64 -> i64
fe:70   i64.atomic.rmw16.xchg_u            memarg:2       a i64 -> i64
fe:71   i64.atomic.rmw32.xchg_u            memarg:4       a i64 -> i64
fe:72   i32.atomic.rmw.cmpxchg             memarg:4       a i32 i32 -> i32
fe:73   i64.atomic.rmw.cmpxchg             memarg:8       a i64 i64 -> i64
fe:74   i32.atomic.rmw8.cmpxchg_u          memarg:1       a i32 i32 -> i32
fe:75   i32.atomic.rmw16.cmpxchg_u         memarg:2       a i32 i32 -> i32
fe:76   i64.atomic.rmw8.cmpxchg_u          memarg:1       a i64 i64 -> i64
fe:77   i64.atomic.rmw16.cmpxchg_u         memarg:2       a i64 i64 -> i64
fe:78   i64.atomic.rmw32.cmpxchg_u         memarg:4       a i64 i64 -> i64

[wide-arithmetic]
fc:19   i64.add128                         -              i64 i64 i64 i64 -> i64 i64
fc:20   i64.sub128                         -              i64 i64 i64 i64 -> i64 i64
fc:21   i64.mul_wide_s                     -              i64 i64 -> i64 i64
fc:22   i64.mul_wide_u                     -              i64 i64 -> i64 i64

[custom-descriptors]
fb:32   struct.new_desc                    type           *
fb:33   struct.new_default_desc            type           *
fb:34   ref.get_desc                       type           *
fb:35   ref.cast_desc_eq                   heap           *
fb:36   ref.cast_desc_eq_null              heap           *
fb:37   br_on_cast_desc_eq                 cast           *
fb:38   br_on_cast_desc_eq_fail            cast           *
"""

_SIG_TYPES: dict[str, SigType] = {"i32": I32, "i64": I64, "f32": F32, "f64": F64, "v128": V128, "a": ADDRESS}


def _parse(table: str) -> dict[int, Opcode]:
    rows: dict[int, Opcode] = {}
    features: tuple[str, ...] = ()
    for line in table.splitlines():
        if not line:
            continue
        if line.startswith("["):
            features = tuple(line[1 : line.index("]")].split(", "))
            continue
        code_text, name, immediate, *signature = line.split()
        prefix, _, number = code_text.partition(":")
        code = int(prefix, 16) << 16 | int(number) if number else int(prefix, 16)
        kind, _, size = immediate.partition(":")
        params = results = None
        if signature != ["*"]:
            arrow = signature.index("->")
            params = tuple(_SIG_TYPES[t] for t in signature[:arrow])
            results = tuple(_SIG_TYPES[t] for t in signature[arrow + 1 :])
        rows[code] = Opcode(code, name, kind, int(size or 0), params, results, features)
    return rows


OPCODES: dict[int, Opcode] = _parse(_TABLE)
"""Every instruction by its code."""

BY_NAME: dict[str, Opcode] = {row.name: row for row in OPCODES.values()}
"""Every instruction by its name; ``select`` with types is listed under ``select_t``."""
