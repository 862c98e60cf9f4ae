"""With and without a pass, modules do the same at the ends of the ranges that it is about."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import wasmtime

from tests.interpreters import found
from tests.spec_data import ROOT
from tests.transpiled import source_of
from wasm2py.optimise.pipeline import PASSES
from wasm2py.options import Options

LEVELS = {each.name: each.level for each in PASSES}

TEXTS = {
    "late-wraps": """
(module (memory (export "memory") 1)
 (func (export "add") (param i32 i32)
  (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.load (local.get 1)))))
 (func (export "subtract") (param i32 i32)
  (i32.store (local.get 0) (i32.sub (i32.load (local.get 0)) (i32.load (local.get 1)))))
 (func (export "negate") (param i32 i32)
  (i32.store (local.get 0) (i32.sub (i32.const 0) (i32.load (local.get 1)))))
 (func (export "steps") (param i32 i32)
  (i32.store (i32.add (local.get 0) (i32.const 4)) (i32.add (i32.load (local.get 1)) (i32.const 1)))
  (i32.store (local.get 0) (i32.sub (i32.load (local.get 1)) (i32.const 1))))
 (func (export "pair") (param i32 i32) (local i32)
  (local.set 2 (i32.load (local.get 1)))
  (i32.store (local.get 0) (i32.add (local.get 2) (i32.const 7)))
  (i32.store (i32.add (local.get 0) (i32.const 4)) (i32.add (i32.shl (local.get 2) (i32.const 1)) (i32.const 1))))
 (func (export "tested") (param i32 i32)
  (if (i32.gt_s (local.get 0) (i32.const 7)) (then (local.set 0 (i32.const 7))))
  (i32.store8 (i32.add (i32.load (i32.const 0)) (local.get 0))
   (i32.load8_s offset=1 (i32.add (local.get 1) (local.get 0)))))
 (func (export "wide") (param i32 i32)
  (i64.store (local.get 0) (i64.add (i64.load (local.get 0)) (i64.load (local.get 1))))))
""",
    "repeated-loads": """
(module (memory (export "memory") 1) (global $sink (export "sink") (mut i32) (i32.const 0))
 (func (export "apart") (param i32 i32) (local i32)
  (i32.store offset=8 (local.get 0) (i32.load (local.get 1)))
  (i32.store offset=4 (local.get 0) (i32.load offset=8 (local.get 0)))
  (local.set 2 (i32.add (local.get 0) (i32.const -4)))
  (i32.store16 offset=4 (local.get 2) (i32.const 0x12345))
  (i32.store offset=12 (local.get 0) (i32.add (i32.load offset=8 (local.get 0)) (i32.load offset=4 (local.get 0))))
  (i32.store offset=16 (local.get 0) (i32.load8_s offset=4 (local.get 2))))
 (func (export "partly") (param i32 i32) (local i32)
  (local.set 2 (i32.load offset=2 (local.get 0)))
  (i32.store8 offset=5 (local.get 0) (local.get 1))
  (i32.store offset=8 (local.get 0) (i32.add (local.get 2) (i32.load offset=2 (local.get 0))))
  (i32.store16 offset=12 (local.get 0) (local.get 2))
  (i32.store offset=16 (local.get 0) (i32.load16_u offset=12 (local.get 0)))
  (i32.store offset=20 (local.get 0) (i32.load16_s offset=12 (local.get 0))))
 (func (export "wrapped") (param i32 i32)
  (i32.store (i32.add (local.get 0) (i32.const 8)) (local.get 1))
  (i32.store offset=16 (local.get 0) (i32.load offset=8 (local.get 0)))
  (i32.store offset=16 (i32.add (local.get 0) (i32.const -8)) (i32.const 77))
  (i32.store offset=24 (local.get 0) (i32.load offset=8 (local.get 0)))
  (i32.store (i32.add (local.get 0) (i32.const -16)) (i32.const 78))
  (i32.store offset=28 (local.get 0) (i32.load offset=24 (local.get 0))))
 (func (export "constants") (param i32 i32)
  (i32.store offset=100 (i32.const 0) (local.get 0))
  (i32.store8 (i32.const 103) (i32.const 0x1ff))
  (i32.store offset=104 (i32.const 0) (i32.load (i32.const 100)))
  (i32.store offset=112 (i32.const 0) (i32.load8_s (i32.const 103)))
  (i32.store (local.get 1) (i32.const -5))
  (i64.store offset=120 (i32.const 0) (i64.load32_u (local.get 1)))
  (i32.store offset=128 (i32.const 0) (i32.load (local.get 1)))
  (i32.store offset=132 (i32.const 0) (i32.load offset=104 (i32.const 0))))
 (func (export "paths") (param i32 i32) (local i32 i32 i32)
  (if (i32.lt_u (i32.load (local.get 0)) (i32.load (local.get 1)))
   (then (i32.store offset=4 (local.get 0) (i32.load (local.get 0))) (local.set 2 (i32.load (local.get 1))))
   (else (i32.store (local.get 0) (i32.const 3))))
  (i32.store offset=8 (local.get 0) (i32.load (local.get 0)))
  (i32.store offset=12 (local.get 0) (i32.load (local.get 1)))
  (loop $again
   (local.set 3 (i32.add (local.get 3) (i32.load (local.get 0))))
   (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))
   (local.set 2 (i32.add (local.get 2) (i32.load (local.get 0))))
   (br_if $again (i32.lt_u (local.tee 4 (i32.add (local.get 4) (i32.const 1))) (i32.const 3))))
  (i32.store offset=16 (local.get 0) (i32.add (local.get 3) (local.get 2))))
 (func (export "moving") (param i32 i32) (local i32)
  (local.set 2 (i32.load (local.get 0)))
  (local.set 0 (i32.add (local.get 0) (i32.const 4)))
  (i32.store offset=4 (local.get 0) (i32.add (local.get 2) (i32.load (local.get 0))))
  (local.set 2 (i32.const 9))
  (i32.store offset=8 (local.get 0) (i32.load (local.get 0)))
  (local.set 1 (i32.load (local.get 1)))
  (i32.store offset=12 (local.get 0) (i32.load (local.get 1))))
 (func (export "order") (param i32 i32)
  (global.set $sink
   (i32.add (i32.div_s (i32.load (local.get 0)) (i32.load offset=4 (local.get 0))) (i32.load (local.get 1))))
  (i32.store offset=8 (local.get 0) (i32.add (i32.load (local.get 1)) (global.get $sink)))
  (i32.store offset=12 (local.get 0) (i32.load (local.get 1))))
 (func (export "floats") (param i32 i32)
  (f32.store offset=8 (local.get 0) (f32.load (local.get 1)))
  (f64.store offset=16 (local.get 0) (f64.promote_f32 (f32.load offset=8 (local.get 0))))
  (f64.store offset=24 (local.get 0) (f64.promote_f32 (f32.load offset=8 (local.get 0))))
  (f32.store offset=8 (local.get 0) (f32.mul (f32.load (local.get 1)) (f32.const 1.1)))
  (f64.store offset=16 (local.get 0) (f64.promote_f32 (f32.load offset=8 (local.get 0))))
  (f64.store offset=24 (local.get 0) (f64.add (f64.load offset=16 (local.get 0)) (f64.load offset=16 (local.get 0))))
  (i64.store offset=32 (local.get 0) (i64.load offset=24 (local.get 0))))
 (func (export "chosen") (param i32 i32)
  (global.set $sink
   (if (result i32) (local.get 1) (then (i32.load (local.get 0))) (else (i32.load offset=4 (local.get 1)))))
  (if (local.get 1)
   (then (global.set $sink (i32.add (i32.load (local.get 0)) (i32.load offset=4 (local.get 0)))))))
 (func (export "copies") (param i32 i32)
  (i32.store offset=8 (local.get 0) (i32.load (local.get 0)))
  (memory.copy (local.get 0) (local.get 1) (i32.const 4))
  (i32.store offset=12 (local.get 0) (i32.load (local.get 0)))
  (drop (memory.grow (i32.const 0)))
  (i32.store offset=16 (local.get 0) (i32.load (local.get 0)))))
""",
    "scaled-index": """
(module (memory (export "memory") 1)
 (func (export "shifted") (param i32 i32) (local i32 i32)
  (local.set 2 (i32.shl (local.get 0) (i32.const 2)))
  (local.set 3 (i32.add (local.get 2) (i32.const 64)))
  (if (i32.load offset=8 (local.get 2))
   (then (local.set 3 (select (local.get 2) (local.get 3) (i32.load (i32.shl (local.get 1) (i32.const 2)))))))
  (i32.store (local.get 3) (i32.const 1))
  (i32.store offset=4 (local.get 3) (i32.const 2)))
 (func (export "signed") (param i32 i32) (local i32)
  (loop
   (local.set 2 (i32.shl (local.get 0) (i32.const 2)))
   (i32.store (i32.sub (local.get 2) (i32.const 16)) (local.get 0))
   (i32.store (i32.add (local.get 2) (i32.shl (local.get 1) (i32.const 2))) (i32.const 5))
   (local.set 0 (i32.add (local.get 0) (i32.const 1)))
   (br_if 0 (i32.and (i32.lt_s (local.get 0) (i32.const 9)) (i32.gt_s (local.get 0) (i32.const -9))))))
 (func $based (param $a i32) (param $b i32) (param $i i32) (param $j i32) (result i32) (local $p i32) (local $q i32)
  (local.set $p (i32.add (local.get $a) (i32.shl (local.get $i) (i32.const 2))))
  (local.set $q (i32.add (i32.shl (local.get $j) (i32.const 2)) (local.get $b)))
  (i32.store (select (local.get $p) (local.get $q) (i32.lt_s (local.get $i) (local.get $j))) (local.get $i))
  (i32.store offset=4 (local.get $q) (local.get $j))
  (i32.load offset=8 (local.get $p)))
 (func (export "based") (param i32 i32)
  (i32.store (i32.const 16) (call $based (i32.const 1024) (i32.const 64) (local.get 0) (local.get 1)))
  (i32.store (i32.const 20) (call $based (i32.const 1028) (i32.const 96) (local.get 1) (local.get 0))))
 (func $unaligned (param $a i32) (param $b i32) (param $n i32) (local $p i32)
  (local.set $p (i32.sub (i32.add (local.get $a) (i32.shl (local.get $n) (i32.const 2))) (local.get $b)))
  (if (i32.and (local.get $p) (i32.const 3)) (then (return)))
  (loop
   (i32.store (local.get $p) (local.get $n))
   (local.set $p (i32.add (local.get $p) (i32.const 4)))
   (br_if 0 (local.tee $n (i32.and (i32.sub (local.get $n) (i32.const 1)) (i32.const 63))))))
 (func (export "unaligned") (param i32 i32)
  (call $unaligned (local.get 0) (local.get 1) (i32.const 9))
  (call $unaligned (local.get 1) (local.get 1) (i32.const 5)))
 (func (export "masked") (param i32 i32) (local i32)
  (local.set 2 (i32.and (i32.shr_u (local.get 0) (i32.const 14)) (i32.const 0x1fffc)))
  (i32.store (local.get 2) (i32.const 1))
  (i32.store offset=8 (local.get 2) (local.get 1)))
 (func (export "chosen") (param i32 i32) (local i32 i32)
  (local.set 2 (i32.mul (local.get 0) (i32.const 12)))
  (local.set 3 (i32.mul (local.get 1) (i32.const -12)))
  (if (i32.eqz (local.get 2)) (then (local.set 2 (local.get 3))))
  (i32.store (local.get 2) (i32.const 1))
  (i32.store offset=65520 (local.get 2) (i32.const 1))
  (i32.store (i32.sub (local.get 2) (local.get 3)) (i32.const 2))))
""",
    "near-sums": """
(module (memory (export "memory") 1)
 (func (export "next") (param i32 i32) (local i32 i32)
  (local.set 2 (i32.and (local.get 0) (i32.const 0x1fff8)))
  (loop
   (local.set 3 (i32.add (local.get 2) (i32.const 56)))
   (f64.store offset=72 (local.get 2) (f64.load offset=104 (local.get 2)))
   (f64.store offset=88 (local.get 2) (f64.load (local.get 3)))
   (local.set 2 (local.get 3))
   (br_if 0 (i32.lt_u (local.get 3) (i32.const 300))))))
""",
    "conversions": """
(module (memory (export "memory") 1)
 (func (export "store") (param i32 i32) (local i64)
  (local.set 2 (i64.load (local.get 1)))
  (f64.store (i32.const 64) (f64.convert_i64_s (local.get 2)))
  (f64.store (i32.const 72) (f64.convert_i64_u (local.get 2)))
  (f32.store (i32.const 80) (f32.convert_i32_s (i32.shr_s (i32.load (local.get 1)) (i32.const 7))))
  (f64.store (i32.const 88) (f64.mul (f64.convert_i64_u (local.get 2)) (f64.load (local.get 0))))
  (f64.store (local.get 0) (f64.sub (f64.load (local.get 0)) (f64.convert_i64_s (local.get 2)))))
 (func (export "promote") (param i32 i32)
  (f64.store (local.get 0)
   (f64.promote_f32 (f32.mul (f32.load (local.get 1)) (f32.load offset=4 (local.get 1)))))))
""",
    # more variables than may have locals of their own: what runs again, a handler and a loop read early values
    "divided-pointers": """
(module (memory (export "memory") 1 3)
 (func (export "merge") (param $a i32) (param $b i32) (local $t i32) (local $n i32)
  (local.set $t (i32.const 201))
  (loop $next
   (if (i32.gt_s (i32.load offset=4 (local.get $a)) (i32.load offset=4 (local.get $b)))
    (then
     (i32.store (local.get $t) (local.get $a))
     (local.set $t (local.get $a))
     (local.set $a (i32.load (local.get $a))))
    (else
     (i32.store (local.get $t) (local.get $b))
     (local.set $t (local.get $b))
     (local.set $b (i32.add (i32.load16_u offset=1 (local.get $b)) (i32.const 3)))))
   (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 20))))
  (i32.store offset=400 (local.get $t) (i32.const 7)))
 (func (export "grow") (param $p i32) (param $q i32) (local $x i64) (local $n i32)
  (loop $next
   (local.set $x (i64.add (local.get $x) (i64.load offset=64 (local.get $p))))
   (i64.store offset=9 (local.get $p) (local.get $x))
   (i32.store16 offset=66 (local.get $p) (local.get $n))
   (i32.store16 offset=3 (local.get $p) (local.get $n))
   (if (i32.eq (local.get $n) (i32.const 3)) (then (drop (memory.grow (i32.const 1)))))
   (local.set $p (i32.add (i32.add (local.get $p) (i32.const 5001)) (i32.load16_u (local.get $q))))
   (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 20)))))
 (func (export "exchange") (param $a i32) (param $b i32) (local $t i32) (local $n i32)
  (block $out
   (loop $next
    (i32.store (local.get $a) (i32.load offset=4 (local.get $b)))
    (i32.store offset=4 (local.get $b) (i32.load offset=8 (local.get $a)))
    (local.set $t (local.get $a))
    (local.set $a (local.get $b))
    (br_if $out (i32.eq (local.get $n) (i32.load offset=12 (local.get $a))))
    (local.set $b (local.get $t))
    (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 20)))))
  (i32.store (local.get $a) (local.get $b)))
 (func (export "arms") (param $p i32) (param $q i32) (local $t i32) (local $n i32)
  (block $out
   (loop $next
    (block $set
     (block $two
      (block $one
       (br_table $one $two $out $set (i32.and (local.get $n) (i32.load8_u (local.get $q)))))
      (local.set $t (local.get $p))
      (br $set))
     (local.set $t (i32.load (local.get $p))))
    (f64.store offset=1 (local.get $t) (f64.load offset=3 (local.get $t)))
    (i32.store offset=2 (local.get $t) (i32.load (local.get $p)))
    (i32.store offset=8 (local.get $p) (i32.load (local.get $t)))
    (local.set $p (i32.load offset=4 (local.get $p)))
    (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 9))))))
 (func (export "anew") (param $p i32) (param $q i32) (local $t i32) (local $n i32)
  (loop $next
   (local.set $t (i32.load (local.get $q)))
   (i32.store offset=4 (local.get $t) (i32.const 5))
   (i32.store offset=8 (local.get $t) (i32.load offset=2 (local.get $t)))
   (i32.store (local.get $q) (i32.load offset=6 (local.get $t)))
   (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 9))))))
""",
    "divided-once": """
(module (memory (export "memory") 1 3) (tag $found)
 (func $find (param i32) (if (i32.gt_s (local.get 0) (i32.const 1)) (then (throw $found))))
 (func (export "row") (param $p i32) (param $q i32)
  (i32.store offset=4 (local.get $p) (i32.load (local.get $q)))
  (i32.store offset=9 (local.get $q) (i32.load offset=66 (local.get $p)))
  (drop (memory.grow (i32.const 1)))
  (local.set $q (i32.load offset=12 (local.get $p)))
  (i64.store offset=1 (local.get $q) (i64.load offset=16 (local.get $q)))
  (i32.store offset=16 (local.get $p) (local.get $q)))
 (func (export "arms") (param $p i32) (param $q i32)
  (block $out
   (if (i32.load offset=4 (local.get $p))
    (then
     (i32.store offset=8 (local.get $p) (i32.const 1))
     (local.set $p (i32.load (local.get $q))))
    (else
     (br_if $out (i32.load (local.get $q)))
     (i32.store offset=12 (local.get $p) (local.get $q))))
   (i32.store offset=16 (local.get $p) (i32.load offset=4 (local.get $q)))
   (i32.store offset=20 (local.get $p) (i32.load offset=8 (local.get $q))))
  (i32.store offset=24 (local.get $p) (i32.load offset=12 (local.get $q)))
  (block $set
   (block $two
    (block $one
     (br_table $one $two $set (i32.load offset=16 (local.get $q))))
    (local.set $q (local.get $p))
    (br $set))
   (i32.store offset=28 (local.get $p) (i32.load offset=20 (local.get $q))))
  (i32.store offset=32 (local.get $q) (i32.load offset=36 (local.get $p))))
 (func (export "loops") (param $p i32) (param $q i32) (local $n i32) (local $x i32)
  (i32.store offset=4 (local.get $p) (i32.load offset=4 (local.get $q)))
  (loop $next
   (i32.store offset=8 (local.get $p) (i32.load offset=8 (local.get $q)))
   (local.set $x (i32.load offset=12 (local.get $p)))
   (loop $again
    (i32.store offset=16 (local.get $x) (i32.add (i32.load offset=3 (local.get $x)) (local.get $n)))
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (br_if $again (i32.and (i32.and (local.get $n) (i32.const 3)) (i32.load offset=12 (local.get $x)))))
   (local.set $q (i32.load offset=20 (local.get $p)))
   (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 20))))
  (i32.store offset=28 (local.get $q) (i32.load offset=24 (local.get $q))))
 (func (export "range") (param $p i32) (param $q i32) (local $n i32)
  (local.set $q (i32.load (local.get $p)))
  (block $out
   (loop $next
    (br_if $out (i32.ge_u (local.get $n) (i32.const 40)))
    (i32.store offset=4 (local.get $q) (i32.load offset=8 (local.get $p)))
    (i32.store offset=12 (local.get $q) (local.get $n))
    (i32.store (local.get $n) (i32.load offset=4 (local.get $n)))
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (br $next)))
  (i32.store offset=8 (local.get $q) (i32.load offset=12 (local.get $p)))
  (local.set $n (i32.const 0))
  (loop $next
   (if (i32.and (local.get $n) (i32.const 3))
    (then
     (i32.store offset=5 (local.get $q) (local.get $n))
     (i32.store offset=16 (local.get $n) (i32.load offset=9 (local.get $q)))))
   (br_if $next (i32.ne (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 40))))
  (i32.store offset=20 (local.get $q) (i32.load offset=13 (local.get $q))))
 (func (export "caught") (param $p i32) (param $q i32)
  (i32.store offset=4 (local.get $q) (i32.load (local.get $q)))
  (block $handler
   (try_table (catch $found $handler)
    (i32.store offset=4 (local.get $p) (i32.load (local.get $p)))
    (call $find (i32.load offset=8 (local.get $p)))
    (local.set $p (i32.add (local.get $p) (i32.const 3)))
    (i32.store offset=12 (local.get $p) (i32.load offset=16 (local.get $p)))
    (call $find (i32.load offset=8 (local.get $p))))
   (i32.store offset=20 (local.get $p) (i32.load offset=24 (local.get $q))))
  (i32.store offset=28 (local.get $p) (i32.load offset=32 (local.get $q)))
  (i32.store offset=32 (local.get $p) (i32.load offset=36 (local.get $q))))
 (func (export "retried") (param $p i32) (param $q i32)
  (i32.store offset=4 (local.get $p) (i32.load (local.get $p)))
  (i32.store (i32.add (i32.mul (local.get $q) (local.get $q)) (i32.const 7)) (i32.load offset=8 (local.get $p)))
  (local.set $q (i32.load (i32.mul (local.get $q) (local.get $q))))
  (i32.store offset=12 (local.get $p) (i32.load offset=4 (local.get $q)))
  (i32.store offset=16 (local.get $p) (i32.load offset=8 (local.get $q)))))
""",
    "shared-locals": """
(module (memory (export "memory") 1) (tag $found)
 (func $find (param i32) (if (i32.gt_s (local.get 0) (i32.const 1)) (then (throw $found))))
 (func (export "retried") (param i32 i32)
  (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
  (local.set 2 (i32.load (i32.add (local.get 0) (i32.const 4))))
  (local.set 3 (i32.load (i32.add (local.get 1) (i32.const 64))))
  (local.set 4 (i32.load (i32.add (local.get 1) (i32.const 128))))
  (local.set 5 (i32.mul (local.get 2) (local.get 2)))
  (local.set 6 (i32.xor (local.get 5) (i32.add (local.get 3) (local.get 3))))
  (local.set 7 (i32.sub (i32.mul (local.get 6) (local.get 6)) (i32.add (local.get 4) (local.get 4))))
  (local.set 8 (i32.mul (local.get 7) (local.get 7)))
  (local.set 9 (i32.mul (local.get 8) (local.get 8)))
  (local.set 10 (i32.mul (local.get 9) (local.get 9)))
  (local.set 11 (i32.mul (local.get 10) (local.get 10)))
  (local.set 12 (i32.add (i32.const 2) (i32.mul (local.get 11) (local.get 11))))
  (local.set 13 (i32.mul (local.get 12) (local.get 12)))
  (local.set 14 (i32.mul (local.get 13) (local.get 13)))
  (local.set 15 (i32.mul (local.get 14) (local.get 14)))
  (local.set 16 (i32.mul (local.get 15) (local.get 15)))
  (local.set 17 (i32.mul (local.get 16) (local.get 16)))
  (i32.store (i32.const 0) (i32.add (local.get 17) (local.get 17))))
 (func (export "caught") (param i32 i32)
  (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
  (block $handler
   (try_table (catch $found $handler)
    (local.set 2 (i32.add (local.get 0) (i32.const 1)))
    (local.set 3 (i32.mul (local.get 1) (local.get 1)))
    (call $find (i32.add (local.get 3) (local.get 3)))
    (local.set 4 (i32.mul (local.get 3) (local.get 3)))
    (local.set 5 (i32.mul (local.get 4) (local.get 4)))
    (local.set 6 (i32.mul (local.get 5) (local.get 5)))
    (call $find (i32.add (local.get 6) (local.get 6)))
    (local.set 7 (i32.mul (local.get 6) (local.get 6)))
    (local.set 2 (i32.mul (local.get 7) (local.get 7)))
    (local.set 8 (i32.add (local.get 2) (local.get 0)))
    (call $find (i32.add (local.get 8) (local.get 8)))
    (local.set 9 (i32.mul (local.get 8) (local.get 8)))
    (local.set 10 (i32.mul (local.get 9) (local.get 9)))
    (local.set 11 (i32.mul (local.get 10) (local.get 10)))
    (local.set 12 (i32.mul (local.get 11) (local.get 11)))
    (local.set 13 (i32.mul (local.get 12) (local.get 12)))
    (local.set 14 (i32.mul (local.get 13) (local.get 13)))
    (local.set 15 (i32.mul (local.get 14) (local.get 14)))
    (local.set 16 (i32.mul (local.get 15) (local.get 15)))
    (i32.store (i32.const 0) (i32.add (local.get 16) (local.get 16))))
   (return))
  (i32.store (i32.const 4) (i32.mul (local.get 2) (local.get 1))))
 (func (export "turns") (param i32 i32)
  (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
  (local.set 2 (i32.and (local.get 0) (i32.const 7)))
  (local.set 3 (i32.or (local.get 1) (i32.const 1)))
  (loop $again
   (local.set 4 (i32.mul (local.get 3) (local.get 3)))
   (local.set 5 (i32.mul (i32.add (local.get 4) (local.get 2)) (local.get 4)))
   (local.set 6 (i32.mul (local.get 5) (local.get 5)))
   (block $out
    (loop $inner
     (local.set 7 (i32.add (local.get 6) (local.get 6)))
     (br_if $out (i32.or (i32.and (local.get 7) (i32.const 64)) (i32.gt_u (local.get 9) (i32.const 20))))
     (local.set 8 (i32.mul (i32.add (local.get 7) (i32.const 31)) (local.get 7)))
     (local.set 6 (i32.xor (local.get 8) (i32.shr_u (local.get 8) (local.get 3))))
     (local.set 9 (i32.add (local.get 9) (i32.const 1)))
     (br_if $again (i32.lt_u (local.get 9) (i32.and (local.get 6) (i32.const 15))))
     (local.set 14 (i32.mul (local.get 6) (local.get 9)))
     (local.set 6 (i32.xor (local.get 14) (i32.shr_u (local.get 14) (i32.const 3))))
     (br $inner)))
   (local.set 10 (i32.mul (local.get 6) (local.get 7)))
   (local.set 11 (i32.mul (local.get 10) (local.get 10)))
   (local.set 12 (i32.add (i32.const 1) (i32.mul (local.get 11) (local.get 11))))
   (local.set 13 (i32.mul (local.get 12) (local.get 12)))
   (local.set 15 (i32.mul (local.get 13) (local.get 13)))
   (local.set 16 (i32.mul (local.get 15) (local.get 15)))
   (local.set 17 (i32.mul (local.get 16) (local.get 16)))
   (local.set 13 (i32.mul (local.get 17) (local.get 17)))
   (i32.store (i32.const 0) (i32.add (local.get 13) (i32.mul (local.get 13) (i32.load (i32.const 0)))))
   (local.set 3 (i32.add (local.get 3) (local.get 12)))
   (br_if $again (i32.lt_u (local.tee 9 (i32.add (local.get 9) (i32.const 1))) (i32.const 20))))
  (i32.store (i32.const 4) (i32.add (local.get 9) (local.get 3))))
 (func (export "range") (param i32 i32)
  (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
  (local.set 2 (i32.mul (local.get 0) (local.get 1)))
  (local.set 3 (i32.mul (local.get 2) (local.get 2)))
  (local.set 4 (i32.mul (local.get 3) (local.get 3)))
  (local.set 5 (i32.mul (local.get 4) (local.get 4)))
  (local.set 6 (i32.mul (local.get 5) (local.get 5)))
  (local.set 7 (i32.mul (local.get 6) (local.get 6)))
  (local.set 8 (i32.mul (local.get 7) (local.get 7)))
  (local.set 9 (i32.mul (local.get 8) (local.get 8)))
  (local.set 10 (i32.mul (local.get 9) (local.get 9)))
  (local.set 11 (i32.mul (local.get 10) (local.get 10)))
  (local.set 12 (i32.mul (local.get 11) (local.get 11)))
  (local.set 13 (i32.mul (local.get 12) (local.get 12)))
  (local.set 14 (i32.mul (local.get 13) (local.get 13)))
  (local.set 15 (i32.mul (local.get 14) (local.get 14)))
  (i32.store (i32.const 0) (i32.mul (local.get 15) (local.get 15)))
  (loop $again
   (local.set 18 (i32.mul (i32.load (i32.const 4)) (i32.const 5)))
   (i32.store (i32.const 4) (i32.add (local.get 18) (i32.const 1)))
   (i32.store (i32.const 8) (i32.xor (i32.load (i32.const 0)) (local.get 18)))
   (call $find (i32.const 0))
   (local.set 17 (local.get 16))
   (i32.store offset=16 (i32.shl (local.get 17) (i32.const 2)) (local.get 17))
   (local.set 16 (i32.add (local.get 17) (i32.const 1)))
   (i32.store (i32.const 12) (i32.add (i32.mul (local.get 16) (local.get 17)) (i32.load (i32.const 12))))
   (br_if $again (i32.ne (local.get 16) (i32.const 40))))))
""",
}

CHECK = """
import itertools, with_pass, without
def state(module, name, numbers, addresses):
    exports = module.instantiate().exports
    memory = exports.memory
    for i, number in enumerate(numbers):
        memory[8 * i : 8 * i + 8] = (number * 0x100000001 & 2**64 - 1).to_bytes(8, "little")
    try:
        exports[name](*addresses)
    except Exception as error:
        return repr(error), bytes(memory[0:65536])
    return "", bytes(memory[0:65536])

numbers = [k + d & 0xFFFFFFFF for k in (0, 1 << 31, 1 << 30) for d in (-1, 0, 1)]
ends = [0, 1, 5, 8, 16383, 16384, 65532, 65533, 65536, 2**28 - 1, 2**30 - 1, 2**30, 2**30 + 2, 2**31 - 1, 2**31]
ends += [2**32 - 65536, 2**32 - 16384, 2**32 - 8, 2**32 - 4, 2**32 - 1]
for name in with_pass.instantiate().exports:
    if name != "memory":
        for pair in itertools.product(numbers, repeat=2):
            for addresses in ((0, 8), (8, 8), (1, 8), (0, 65532), (0, 65533), (65532, 0), (65536, 8), (2**32 - 4, 0)):
                given, wanted = (state(module, name, pair, addresses) for module in (with_pass, without))
                assert given == wanted, (name, pair, addresses, given[0], wanted[0])
        for addresses in itertools.product(ends, repeat=2):
            given, wanted = (state(module, name, (7, 0), addresses) for module in (with_pass, without))
            assert given == wanted, (name, addresses, given[0], wanted[0])
"""


@pytest.mark.parametrize("python", [sys.executable, *found()])
@pytest.mark.parametrize("name", TEXTS)
def test_ends_of_ranges(name: str, python: str, tmp_path: Path) -> None:
    binary = bytes(wasmtime.wat2wasm(TEXTS[name]))
    sources = [source_of(binary, Options(LEVELS[name], format="none", without=without)) for without in ((), (name,))]
    assert sources[0] != sources[1]
    (tmp_path / "with_pass.py").write_text(sources[0], encoding="utf-8")
    (tmp_path / "without.py").write_text(sources[1], encoding="utf-8")
    (tmp_path / "check.py").write_text(CHECK, encoding="utf-8")
    subprocess.run([python, tmp_path / "check.py"], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
