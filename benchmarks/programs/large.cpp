// A program of about 1 MB of Wasm out of many instances of the standard library's templates; its code has the shapes
// that a real C++ program has, and no two functions of one template are equal.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <iomanip>
#include <iostream>
#include <list>
#include <map>
#include <numeric>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

template <int N> struct Record {
    int64_t number;
    std::string name;
    double weights[N % 3 + 1];

    explicit Record(int i) : number((i * 37 + N) % 101), name(std::to_string(i * N)) {
        for (double &weight : weights) weight = i * 0.5 + N;
    }
    bool operator<(const Record &other) const {
        return number % (N + 3) != other.number % (N + 3) ? number % (N + 3) < other.number % (N + 3)
                                                          : name < other.name;
    }
    bool operator==(const Record &other) const { return number == other.number && name == other.name; }
};

template <int N> struct Hash {
    size_t operator()(const Record<N> &record) const { return static_cast<size_t>(record.number * (2 * N + 1)); }
};

template <int N> double exercise(std::ostream &out) {
    std::vector<Record<N>> records;
    for (int i = 0; i < 20; i++) records.emplace_back(i);
    std::stable_sort(records.begin(), records.end());
    std::deque<Record<N>> queue(records.rbegin(), records.rend());
    std::sort(queue.begin(), queue.end());
    std::list<Record<N>> chain(queue.begin(), queue.end());
    chain.sort();
    chain.unique();
    std::set<Record<N>> ordered(chain.begin(), chain.end());
    std::map<Record<N>, std::vector<int>> groups;
    std::unordered_map<Record<N>, std::string, Hash<N>> names;
    for (const auto &record : ordered) {
        groups[record].push_back(static_cast<int>(record.number));
        names.emplace(record, record.name + "!");
    }
    std::ostringstream line;
    double total = 0;
    for (const auto &[record, numbers] : groups) {
        total += std::accumulate(numbers.begin(), numbers.end(), record.weights[0]);
        line << std::setw(4) << names.at(record) << std::hex << record.number << ' ';
    }
    std::partial_sort(records.begin(), records.begin() + 5, records.end());
    std::nth_element(queue.begin(), queue.begin() + 7, queue.end());
    out << N << ' ' << total << ' ' << line.str().size() << ' ' << records[4].name << queue[7].name << '\n';
    return total;
}

template <int... N> double exercise_all(std::ostream &out, std::integer_sequence<int, N...>) {
    return (exercise<N>(out) + ...);
}

int main() {
    std::regex pattern("([a-z]+)-([0-9]+)");
    std::smatch match;
    const std::string text = "item-42";
    if (std::regex_match(text, match, pattern)) std::cout << match[1] << ' ' << match[2] << '\n';
    std::cout << exercise_all(std::cout, std::make_integer_sequence<int, 14>()) << '\n';
    return 0;
}
