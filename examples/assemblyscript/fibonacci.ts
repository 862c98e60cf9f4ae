// A library: the host calls what it exports.
export function fibonacci(n: i32): i64 {
  let a: i64 = 0;
  let b: i64 = 1;
  for (; n > 0; n--) {
    const sum = a + b;
    a = b;
    b = sum;
  }
  return a;
}
