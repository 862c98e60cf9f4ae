// The same script as script.py.
class Account {
    constructor(owner) {
        this.owner = owner;
        this.balance = 0;
    }
    deposit(amount) {
        this.balance = (this.balance + amount) % 9973;
    }
}

function fib(n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

function main(n) {
    const composite = new Array(n).fill(false), primes = [];
    for (let i = 2; i < n; i++) {
        if (!composite[i]) {
            primes.push(i);
            for (let j = i * i; j < n; j += i) composite[j] = true;
        }
    }
    const accounts = [];
    for (let i = 0; i < 20; i++) accounts.push(new Account("name" + (i % 13)));
    primes.forEach((prime, i) => accounts[(i * 7) % 20].deposit(prime));
    const totals = {};
    for (const account of accounts) totals[account.owner] = (totals[account.owner] || 0) + account.balance;
    const words = Object.keys(totals).sort().map((name) => name + "=" + totals[name]);
    return words.join(",") + ";" + fib(12) + ";" + primes.length;
}
