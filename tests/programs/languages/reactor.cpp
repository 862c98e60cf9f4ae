// A library: the host calls it, after `_initialize` has run the constructors.
#include <cstdlib>
#include <iostream>
#include <string>

struct Counter {
    Counter() : calls(100), name(std::getenv("NAME") ? std::getenv("NAME") : "nobody") {}

    int calls;
    std::string name;
};

static Counter counter;

extern "C" {
__attribute__((export_name("add"))) int add(int a, int b) { return a + b; }

__attribute__((export_name("count"))) int count() { return ++counter.calls; }

__attribute__((export_name("greet"))) void greet(int times) {
    while (times-- > 0)
        std::cout << "hello " << counter.name << std::endl;
}
}
