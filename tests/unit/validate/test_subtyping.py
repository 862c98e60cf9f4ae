"""Canonical types and matching, on types from the text format."""

import pytest

from tests.unit.validate.modules import encode, validate
from wasm2py.validate import Context
from wasm2py.wasm.types import F32, I32, Exact, RefType, ref_type

TYPES = """(module
  (type $binary (func (param i32 i32) (result i32)))           ;; 0
  (type $same (func (param i32 i32) (result i32)))             ;; 1
  (type $open (sub (func (param i32 i32) (result i32))))       ;; 2
  (type $lower (sub $open (func (param i32 i32) (result i32)))) ;; 3
  (rec (type $list (struct (field (ref null $list)))) (type (array i8)))   ;; 4, 5
  (rec (type $twin (struct (field (ref null $twin)))) (type (array i8)))   ;; 6, 7
  (type $takes (func (param (ref null $list))))                ;; 8
  (type $takes-twin (func (param (ref null $twin))))           ;; 9
  (rec (type $alone (struct (field (ref null $alone)))))       ;; 10
  (rec (type $a (struct)) (type $b (struct)))                  ;; 11, 12
)"""


@pytest.fixture(scope="module")
def context() -> Context:
    return validate(encode(TYPES))


def test_equal_types_have_one_canonical_index(context: Context) -> None:
    indices = [context.canonical(index) for index in range(13)]
    assert indices == [0, 0, 2, 3, 4, 5, 4, 5, 8, 8, 10, 11, 12]


def test_text_is_equal_exactly_for_equal_types(context: Context) -> None:
    by_text = {context.type_text(index): context.canonical(index) for index in range(13)}
    assert len(by_text) == len({context.canonical(index) for index in range(13)})
    assert all(by_text[context.type_text(index)] == context.canonical(index) for index in range(13))


def test_text_of_plain_function_types(context: Context) -> None:
    assert context.type_text(1) == "func (i32 i32) -> (i32)"
    assert context.type_text(2) == "sub func (i32 i32) -> (i32)"


def test_text_does_not_depend_on_the_module(context: Context) -> None:
    """The same types at other indices, behind types that are not in the first module."""
    other = validate(
        encode("""(module
        (type (func (result f64)))
        (rec (type $l (struct (field (ref null $l)))) (type (array i8)))
        (type (func (param (ref null $l))))
        (type $o (sub (func (param i32 i32) (result i32))))
        (type (sub $o (func (param i32 i32) (result i32)))))""")
    )
    assert [other.type_text(index) for index in range(1, 6)] == [context.type_text(index) for index in (4, 5, 8, 2, 3)]
    assert other.value_text(ref_type(1)) == context.value_text(ref_type(6))
    assert other.value_text(ref_type(1, nullable=False)) != context.value_text(ref_type(6))
    assert other.value_text(F32) == "f32"


def test_clauses_are_part_of_a_type() -> None:
    described = "(rec (type $a (descriptor $b) (struct (field i32))) (type $b (describes $a) (struct (field i32))))"
    plain = "(rec (type (struct (field i32))) (type (struct (field i32))))"
    context = validate(encode(f"(module {described} {described.replace('$', '$other-')} {plain})"))
    assert [context.canonical(index) for index in range(6)] == [0, 1, 0, 1, 4, 5]
    assert context.type_text(0) == context.type_text(2) != context.type_text(4)


@pytest.mark.parametrize(
    ("lower", "upper", "answer"),
    [
        (ref_type(Exact(6)), ref_type(Exact(4)), True),
        (ref_type(Exact(6)), ref_type(4), True),
        (ref_type(Exact(3)), ref_type(2), True),
        (ref_type(Exact(3)), ref_type(Exact(2)), False),
        (ref_type(3), ref_type(Exact(3)), False),
        (ref_type(Exact(4)), ref_type("eq"), True),
        (ref_type("none"), ref_type(Exact(4)), True),
        (ref_type("nofunc"), ref_type(Exact(4)), False),
        (ref_type("struct"), ref_type(Exact(4)), False),
        (ref_type(Exact(4), nullable=False), ref_type(Exact(4)), True),
        (ref_type(Exact(4)), ref_type(Exact(4), nullable=False), False),
    ],
)
def test_exact_types_match_what_they_are_of(context: Context, lower: RefType, upper: RefType, answer: bool) -> None:
    assert context.matches(lower, upper) is answer


def test_exact_types_have_names(context: Context) -> None:
    name = context.heap_text(4)
    assert context.value_text(ref_type(Exact(6))) == f"(ref null (exact {name}))"
    assert context.value_text(ref_type(Exact(4), nullable=False)) == f"(ref (exact {name}))"


def test_long_types_have_short_texts() -> None:
    """Each type mentions the one before twice: spelt out, the last text would have 2**60 parts."""
    types = "".join(f"(type (struct (field (ref {i}) (ref {i}))))" for i in range(60))
    assert len(validate(encode(f"(module (type (struct)) {types})")).type_text(60)) < 200


_NULL, _SET = True, False


@pytest.mark.parametrize(
    ("lower", "upper", "answer"),
    [
        (ref_type("none"), ref_type(4), True),
        (ref_type("nofunc"), ref_type(0), True),
        (ref_type("none"), ref_type(0), False),
        (ref_type(4), ref_type("struct"), True),
        (ref_type(5), ref_type("eq"), True),
        (ref_type(5), ref_type("struct"), False),
        (ref_type(0), ref_type("func"), True),
        (ref_type(0), ref_type("any"), False),
        (ref_type("i31"), ref_type("eq"), True),
        (ref_type("eq"), ref_type("i31"), False),
        (ref_type("noextern"), ref_type("extern"), True),
        (ref_type("noexn"), ref_type("exn"), True),
        (ref_type("any"), ref_type("extern"), False),
        (ref_type(3), ref_type(2), True),
        (ref_type(2), ref_type(3), False),
        (ref_type(0), ref_type(2), False),
        (ref_type(6), ref_type(4), True),
        (ref_type(10), ref_type(4), False),
        (ref_type(4, _SET), ref_type(4, _NULL), True),
        (ref_type(4, _NULL), ref_type(4, _SET), False),
        (I32, ref_type("any"), False),
        (I32, F32, False),
    ],
)
def test_matching(context: Context, lower: RefType, upper: RefType, answer: bool) -> None:
    assert context.matches(lower, upper) is answer
    assert context.matches(lower, upper) is answer  # the second time it is remembered
