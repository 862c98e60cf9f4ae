// C++ without exceptions: containers, strings, algorithms, templates, virtual calls, closures, smart pointers.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <queue>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace {

class Shape {
public:
    explicit Shape(std::string name) : name_(std::move(name)) { ++alive; }
    virtual ~Shape() { --alive; }
    virtual double area() const = 0;
    virtual std::string describe() const { return name_ + " of area " + std::to_string(area()); }
    static int alive;

private:
    std::string name_;
};

int Shape::alive = 0;

class Circle : public Shape {
public:
    explicit Circle(double radius) : Shape("circle"), radius_(radius) {}
    double area() const override { return 3.141592653589793 * radius_ * radius_; }

private:
    double radius_;
};

class Named {
public:
    virtual ~Named() = default;
    virtual const char *tag() const { return "named"; }
};

class Rectangle : public Shape, public Named {
public:
    Rectangle(double width, double height) : Shape("rectangle"), width_(width), height_(height) {}
    double area() const override { return width_ * height_; }
    std::string describe() const override { return Shape::describe() + " [" + tag() + "]"; }
    const char *tag() const override { return width_ == height_ ? "square" : "oblong"; }

private:
    double width_, height_;
};

template <typename T, std::size_t N> class Ring {
public:
    void push(T value) {
        items_[(start_ + count_) % N] = std::move(value);
        if (count_ < N) ++count_;
        else start_ = (start_ + 1) % N;
    }
    template <typename F> void each(F visit) const {
        for (std::size_t i = 0; i < count_; ++i) visit(items_[(start_ + i) % N]);
    }

private:
    std::array<T, N> items_{};
    std::size_t start_ = 0, count_ = 0;
};

template <unsigned N> struct Fibonacci {
    static constexpr std::uint64_t value = Fibonacci<N - 1>::value + Fibonacci<N - 2>::value;
};
template <> struct Fibonacci<0> { static constexpr std::uint64_t value = 0; };
template <> struct Fibonacci<1> { static constexpr std::uint64_t value = 1; };

struct Describe {
    std::string operator()(int value) const { return "int " + std::to_string(value); }
    std::string operator()(const std::string &value) const { return "text " + value; }
    std::string operator()(double value) const { return "real " + std::to_string(value); }
};

std::vector<int> shortest(const std::map<int, std::vector<std::pair<int, int>>> &graph, int from, int count) {
    std::vector<int> distance(count, -1);
    using Entry = std::pair<int, int>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    queue.push({0, from});
    while (!queue.empty()) {
        auto [far, node] = queue.top();
        queue.pop();
        if (distance[node] >= 0) continue;
        distance[node] = far;
        auto found = graph.find(node);
        if (found == graph.end()) continue;
        for (auto [next, weight] : found->second)
            if (distance[next] < 0) queue.push({far + weight, next});
    }
    return distance;
}

} // namespace

int main() {
    {
        std::vector<std::unique_ptr<Shape>> shapes;
        shapes.push_back(std::make_unique<Circle>(1.5));
        shapes.push_back(std::make_unique<Rectangle>(2, 3));
        shapes.push_back(std::make_unique<Rectangle>(2, 2));
        std::sort(shapes.begin(), shapes.end(), [](auto &a, auto &b) { return a->area() < b->area(); });
        for (auto &shape : shapes) std::printf("%s\n", shape->describe().c_str());
        std::printf("%d alive\n", Shape::alive);
    }
    std::printf("%d alive\n", Shape::alive);

    std::map<std::string, int> counts;
    std::istringstream words("the quick brown fox jumps over the lazy dog and the quick cat");
    for (std::string word; words >> word;) ++counts[word];
    for (auto &[word, count] : counts) std::printf("%s=%d ", word.c_str(), count);
    std::printf("\n");

    std::unordered_map<int, std::string> names;
    for (int i = 0; i < 200; ++i) names[i * 7919] = "n" + std::to_string(i);
    names.erase(7919 * 3);
    std::vector<std::string> sorted;
    for (auto &entry : names) sorted.push_back(entry.second);
    std::sort(sorted.begin(), sorted.end());
    std::printf("%zu %s %s %d\n", sorted.size(), sorted.front().c_str(), sorted.back().c_str(), (int)names.count(7919 * 3));

    std::set<int> primes;
    for (int n = 2; n < 100; ++n)
        if (std::none_of(primes.begin(), primes.end(), [n](int p) { return n % p == 0; })) primes.insert(n);
    std::printf("%zu primes, sum %d, next after 50: %d\n", primes.size(), std::accumulate(primes.begin(), primes.end(), 0),
                *primes.lower_bound(50));

    Ring<std::string, 3> ring;
    for (const char *text : {"a", "a rather long string that needs the heap", "c", "d"}) ring.push(text);
    ring.each([](const std::string &text) { std::printf("<%s>", text.c_str()); });
    std::printf("\n%llu\n", (unsigned long long)Fibonacci<90>::value);

    std::vector<std::variant<int, std::string, double>> values{1, std::string("two"), 3.5};
    for (auto &value : values) std::printf("%s; ", std::visit(Describe{}, value).c_str());
    std::optional<int> nothing, something = 5;
    std::printf("%d %d\n", nothing.value_or(-1), something.value_or(-1));

    std::vector<std::function<int(int)>> steps;
    for (int i = 1; i <= 3; ++i) steps.push_back([i](int x) { return x * 10 + i; });
    std::printf("%d\n", std::accumulate(steps.begin(), steps.end(), 0, [](int x, auto &step) { return step(x); }));

    std::map<int, std::vector<std::pair<int, int>>> graph{{0, {{1, 7}, {2, 3}}}, {2, {{1, 1}, {3, 8}}}, {1, {{3, 2}}}};
    for (int distance : shortest(graph, 0, 5)) std::printf("%d ", distance);
    std::deque<int> line(10);
    std::iota(line.begin(), line.end(), 0);
    std::rotate(line.begin(), line.begin() + 3, line.end());
    line.push_front(-1);
    for (int n : line) std::printf("%d", n);
    std::string text = "reverse me";
    std::reverse(text.begin(), text.end());
    text.insert(3, "---").replace(0, 2, "EM").append(5, '!');
    std::printf("\n%s %zu %zu\n", text.c_str(), text.find("rev"), text.find("esr"));
    std::ostringstream stream;
    stream << "stream " << 42 << ' ' << 2.5 << ' ' << std::hex << 255 << ' ' << std::boolalpha << true;
    std::printf("%s\n", stream.str().c_str());
    auto shared = std::make_shared<std::vector<int>>(5, 9);
    std::weak_ptr<std::vector<int>> weak = shared;
    auto second = shared;
    std::printf("%ld %d ", shared.use_count(), weak.lock()->at(4));
    shared.reset();
    second.reset();
    std::printf("%d\n", (int)weak.expired());
    return 0;
}
