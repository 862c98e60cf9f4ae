// Counts the words of the files that it is given, with the containers and streams of C++.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

// The C++ library of this toolchain has no file streams for WASI: a file is closed when its last user is gone.
using File = std::unique_ptr<std::FILE, int (*)(std::FILE *)>;

static File opened(const std::string &path, const char *mode) { return {std::fopen(path.c_str(), mode), std::fclose}; }

static std::string contents(std::FILE *file) {
    std::string text;
    char piece[100];
    while (std::size_t count = std::fread(piece, 1, sizeof piece, file))
        text.append(piece, count);
    return text;
}

int main(int argc, char **argv) {
    std::map<std::string, int> counts;
    for (int i = 1; i < argc; i++) {
        auto file = opened(argv[i], "r");
        if (!file) {
            std::cerr << argv[i] << ": cannot be read" << std::endl;
            continue;
        }
        auto text = contents(file.get());
        std::istringstream words(text);
        for (std::string word; words >> word;)
            counts[word]++;
        std::cout << argv[i] << ": " << text.size() << " bytes\n";
    }
    std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](auto &a, auto &b) { return a.second > b.second; });
    if (auto report = opened("report", "a")) {
        std::ostringstream lines;
        for (auto &[word, count] : sorted)
            lines << count << ' ' << word << '\n';
        std::fputs(lines.str().c_str(), report.get());
    }
    std::cout << sorted.size() << " words" << std::endl;
    std::string line;
    while (std::getline(std::cin, line))
        if (counts.count(line))
            std::cout << line << " is there\n";
        else
            std::cout << line << " is missing\n";
    const char *home = std::getenv("HOME");
    std::cout << (home ? home : "homeless") << std::endl;
    return static_cast<int>(sorted.size());
}
