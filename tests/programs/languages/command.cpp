// Shows what it is given, reads and writes files, and ends with the number of its arguments.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <iostream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <vector>

// The C++ library of this toolchain has no file streams for WASI.
static std::string contents(const std::string &path) {
    std::string text;
    if (auto *file = std::fopen(path.c_str(), "r")) {
        for (int c; (c = std::getc(file)) != EOF;)
            text += static_cast<char>(c);
        std::fclose(file);
        return text;
    }
    return "none";
}

static void list(const std::string &path) {
    std::vector<std::string> lines;
    if (auto *dir = opendir(path.c_str())) {
        while (auto *entry = readdir(dir)) {
            std::string name = entry->d_name;
            struct stat found;
            if (name[0] != '.' && !stat((path + "/" + name).c_str(), &found))
                lines.push_back(name + ": " + std::to_string(found.st_size) + " bytes");
        }
        closedir(dir);
    }
    std::sort(lines.begin(), lines.end());
    for (const auto &line : lines)
        std::cout << line << '\n';
}

int main(int argc, char **argv) {
    for (const std::string &argument : std::vector<std::string>(argv + 1, argv + argc))
        std::cout << "argument: " << argument << '\n';
    const char *greeting = std::getenv("GREETING");
    std::cout << "greeting: " << (greeting ? greeting : "none") << '\n';
    std::string input{std::istreambuf_iterator<char>(std::cin), {}};
    std::cout << "input: " << input.size() << " bytes\n";
    std::cout << "file: " << contents("input.txt") << std::endl;
    list("folder");
    if (auto *file = std::fopen("output.txt", "w")) {
        std::fputs("written by the program", file);
        std::fclose(file);
    }
    std::cerr << "done" << std::endl;
    return argc - 1;
}
