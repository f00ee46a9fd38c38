// Calls a function and prints what it returned and every argument after the call, arrays in full, at the default
// precision of streams.
#include <assert.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <iostream>
#include <type_traits>
#define restrict __restrict__

template <class T> static void show(const T &value) {
    if constexpr (std::is_array_v<T>) {
        std::cout << "[";
        for (const auto &each : value) {
            std::cout << " ";
            show(each);
        }
        std::cout << " ]";
    } else if constexpr (sizeof(T) == 1) {
        std::cout << (int)value;
    } else {
        std::cout << value;
    }
}

template <class R, class... P, class... A> static void wrapper(R (*function)(P...), A &&...arguments) {
    if constexpr (std::is_void_v<R>) {
        function(arguments...);
        std::cout << "void";
    } else {
        show(function(arguments...));
    }
    ((std::cout << ", ", show(arguments)), ...);
    std::cout << "\n";
}
