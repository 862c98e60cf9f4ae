"""A small script of lists, dictionaries, objects, calls and strings; MicroPython and CPython run this very text."""


class Account:
    """A balance."""

    def __init__(self, owner):
        self.owner = owner
        self.balance = 0

    def deposit(self, amount):
        """Add to the balance."""
        self.balance = (self.balance + amount) % 9973


def fib(n):
    """Return the ``n``-th Fibonacci number."""
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def main(n):
    """Return a line of results."""
    composite = [False] * n
    primes = []
    for i in range(2, n):
        if not composite[i]:
            primes.append(i)
            for j in range(i * i, n, i):
                composite[j] = True
    accounts = [Account("name" + str(i % 13)) for i in range(20)]
    for i, prime in enumerate(primes):
        accounts[(i * 7) % 20].deposit(prime)
    totals = {}
    for account in accounts:
        totals[account.owner] = totals.get(account.owner, 0) + account.balance
    words = [name + "=" + str(totals[name]) for name in sorted(totals)]
    return ",".join(words) + ";" + str(fib(12)) + ";" + str(len(primes))
