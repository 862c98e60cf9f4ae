// A command: prints the prime numbers below its first argument.
function primes(limit: i32): i32[] {
  const composite = new StaticArray<bool>(limit);
  const found = new Array<i32>();
  for (let n = 2; n < limit; n++) {
    if (composite[n]) continue;
    found.push(n);
    for (let multiple: i64 = <i64>n * n; multiple < limit; multiple += n) composite[<i32>multiple] = true;
  }
  return found;
}

const limit = process.argv.length > 1 ? I32.parseInt(process.argv[1]) : 100;
if (limit < 2) {
  process.stderr.write("the limit must be 2 or more\n");
  process.exit(1);
}
console.log(primes(limit).join(" "));
