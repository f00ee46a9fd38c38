struct Shape {  // `count` times `width` bytes, each `pitch` behind the one before, and so in each plane; what is loose may hold, behind the ends of rows, what is not theirs
    char *first; size_t pitch, width, count = 1, plane = 0, planes = 1; bool is_loose;
    Shape(char *a, size_t bytes, size_t p = 0, size_t w = 0, bool loose = false, size_t q = 0, size_t rows = 0) : first(a), pitch(p), width(w), is_loose(loose) {
        size_t used = rows > 0 ? (rows - 1) * p + w : bytes;
        if (used < bytes) count = rows, plane = q, planes = (bytes - used) / q + 1;
        else if (p > 0 && w < bytes && (w < p || loose)) count = (bytes - w) / p + 1;
        else pitch = width = bytes;
    }
    char *last() const { return first + (planes - 1) * plane + (count - 1) * pitch + width; }
    bool is_plain() const { return count == 1 && planes == 1 && !is_loose; }
    Shape in_plane(size_t i) const {
        Shape one = *this;
        one.first += i * plane, one.plane = 0, one.planes = 1;
        return one;
    }
    bool holds(const Shape &other) const {  // all that is meant of the other one; a loose row is known by where it begins
        if (other.first < first || last() < other.last() || is_plain()) return first <= other.first && other.last() <= last();
        size_t behind = (size_t)(other.first - first);
        if (planes > 1) return (other.planes == 1 || other.plane % plane == 0) && in_plane(behind / plane).holds(other.in_plane(0));
        size_t at = behind % pitch;
        bool meets = (other.count == 1 || other.pitch % pitch == 0) && (other.planes == 1 || other.plane % pitch == 0);
        return at + other.width <= width && meets && (at == 0 || !is_loose);
    }
    bool takes(const Shape &other) {  // whether it holds all of the other one, or of both together
        if (is_plain() && other.is_plain() && first <= other.last() && other.first <= last()) {
            char *low = first < other.first ? first : other.first, *high = last() < other.last() ? other.last() : last();
            *this = Shape(low, high - low);
        }
        return holds(other);
    }
    template <class F> void parts(char *a, char *b, F found) const {  // of [a, b): where they are, how wide, how many `pitch` apart
        a = a < first ? first : a, b = last() < b ? last() : b;
        if (a >= b) return;
        if (planes > 1) {
            for (size_t i = (size_t)(a - first) / plane; i < planes && first + i * plane < b; i++) in_plane(i).parts(a, b, found);
            return;
        }
        size_t row = (size_t)(a - first) / pitch, reach = (size_t)(b - first), whole = reach < width ? 0 : (reach - width) / pitch + 1;
        auto cut = [&](char *begin) {
            char *end = begin + width < b ? begin + width : b;
            begin = begin < a ? a : begin;
            if (begin < end) found(begin, (size_t)(end - begin), (size_t)1);
        };
        if (first + row * pitch < a) cut(first + row++ * pitch);
        if (row < whole) found(first + row * pitch, width, whole - row), row = whole;
        if (row < count) cut(first + row * pitch);
    }
};
