// A calculator in C++: tokens, a tree of virtual nodes, simplification, evaluation; one expression a line on stdin.
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>

struct Node;
using Tree = std::unique_ptr<Node>;
using Scope = std::map<std::string, double>;

struct Node {
    virtual ~Node() = default;
    virtual double value(const Scope &scope) const = 0;
    virtual std::string text() const = 0;
    virtual bool constant() const { return false; }
};

struct Number final : Node {
    explicit Number(double value) : held(value) {}
    double value(const Scope &) const override { return held; }
    std::string text() const override {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, "%.12g", held);
        return buffer;
    }
    bool constant() const override { return true; }
    double held;
};

struct Variable final : Node {
    explicit Variable(std::string name) : name(std::move(name)) {}
    double value(const Scope &scope) const override {
        auto found = scope.find(name);
        return found == scope.end() ? NAN : found->second;
    }
    std::string text() const override { return name; }
    std::string name;
};

struct Binary final : Node {
    Binary(char op, Tree left, Tree right) : op(op), left(std::move(left)), right(std::move(right)) {}
    double value(const Scope &scope) const override {
        double a = left->value(scope), b = right->value(scope);
        switch (op) {
        case '+': return a + b;
        case '-': return a - b;
        case '*': return a * b;
        case '/': return a / b;
        case '%': return std::fmod(a, b);
        default: return std::pow(a, b);
        }
    }
    std::string text() const override { return "(" + left->text() + " " + op + " " + right->text() + ")"; }
    char op;
    Tree left, right;
};

struct Call final : Node {
    Call(std::string name, Tree argument) : name(std::move(name)), argument(std::move(argument)) {}
    double value(const Scope &scope) const override {
        double x = argument->value(scope);
        if (name == "sqrt") return std::sqrt(x);
        if (name == "abs") return std::fabs(x);
        if (name == "floor") return std::floor(x);
        if (name == "ln") return std::log(x);
        return NAN;
    }
    std::string text() const override { return name + argument->text(); }
    std::string name;
    Tree argument;
};

static Tree simplify(Tree left, char op, Tree right) {
    if (left->constant() && right->constant()) {
        Binary whole(op, std::move(left), std::move(right));
        return std::make_unique<Number>(whole.value({}));
    }
    if (auto number = dynamic_cast<Number *>(right.get())) {
        if (number->held == 0 && (op == '+' || op == '-')) return left;
        if (number->held == 1 && (op == '*' || op == '/' || op == '^')) return left;
    }
    return std::make_unique<Binary>(op, std::move(left), std::move(right));
}

class Parser {
public:
    explicit Parser(const char *text) : start_(text), at_(text) {}

    Tree parse() {
        Tree tree = sum();
        skip();
        if (tree && *at_) return fail("operator expected");
        return tree;
    }

    const char *problem = nullptr;
    int column() const { return static_cast<int>(at_ - start_) + 1; }

private:
    void skip() {
        while (*at_ == ' ') ++at_;
    }

    Tree fail(const char *what) {
        if (!problem) problem = what;
        return nullptr;
    }

    Tree chain(Tree (Parser::*next)(), const char *ops) {
        Tree left = (this->*next)();
        for (skip(); left && *at_ && std::strchr(ops, *at_); skip()) {
            char op = *at_++;
            Tree right = (this->*next)();
            if (!right) return nullptr;
            left = simplify(std::move(left), op, std::move(right));
        }
        return left;
    }

    Tree sum() { return chain(&Parser::product, "+-"); }
    Tree product() { return chain(&Parser::power, "*/%"); }

    Tree power() {
        Tree base = unary();
        skip();
        if (!base || *at_ != '^') return base;
        ++at_;
        Tree exponent = power();
        return exponent ? simplify(std::move(base), '^', std::move(exponent)) : nullptr;
    }

    Tree unary() {
        skip();
        if (*at_ == '-') {
            ++at_;
            Tree operand = unary();
            return operand ? simplify(std::make_unique<Number>(0), '-', std::move(operand)) : nullptr;
        }
        if (*at_ == '(') return parenthesised();
        if (std::isdigit(static_cast<unsigned char>(*at_)) || *at_ == '.') {
            char *end;
            double value = std::strtod(at_, &end);
            if (end == at_) return fail("number expected");
            at_ = end;
            return std::make_unique<Number>(value);
        }
        std::string name;
        while (std::isalpha(static_cast<unsigned char>(*at_))) name += *at_++;
        if (name.empty()) return fail("operand expected");
        if (*at_ != '(') return std::make_unique<Variable>(name);
        Tree argument = parenthesised();
        return argument ? std::make_unique<Call>(name, std::move(argument)) : nullptr;
    }

    Tree parenthesised() {
        ++at_;
        Tree inner = sum();
        skip();
        if (inner && *at_ != ')') return fail("')' expected");
        if (inner) ++at_;
        return inner;
    }

    const char *start_, *at_;
};

int main() {
    Scope scope{{"x", 2.0}, {"pi", 3.141592653589793}};
    char line[512];
    int errors = 0;
    while (std::fgets(line, sizeof line, stdin)) {
        line[std::strcspn(line, "\n")] = 0;
        Parser parser(line);
        Tree tree = parser.parse();
        if (!tree) {
            std::printf("column %d: %s\n", parser.column(), parser.problem);
            ++errors;
            continue;
        }
        double value = tree->value(scope);
        std::printf("%s = %.15g\n", tree->text().c_str(), value);
        scope["last"] = value;
    }
    return errors;
}
