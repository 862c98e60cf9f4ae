/* Recursive descent: the values of n sums of products with parentheses, from their text. */
static const char source[] = "12*(3+4*5)-(7-2)*(8+1)+((6))*2-100+3*(2*(1+2*(3+4)))";
static const char *at;

static unsigned sum(void);

static unsigned value(void) {
    if (*at == '(') {
        at++;
        unsigned result = sum();
        at++;
        return result;
    }
    unsigned result = 0;
    while (*at >= '0' && *at <= '9') result = result * 10 + (unsigned)(*at++ - '0');
    return result;
}

static unsigned product(void) {
    unsigned result = value();
    while (*at == '*') {
        at++;
        result *= value();
    }
    return result;
}

static unsigned sum(void) {
    unsigned result = product();
    while (*at == '+' || *at == '-') {
        if (*at++ == '+') result += product();
        else result -= product();
    }
    return result;
}

int run(int n) {
    unsigned total = 0;
    for (int i = 0; i < n; i++) {
        at = source;
        total = total * 31 + sum();
    }
    return (int)total;
}
