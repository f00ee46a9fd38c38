template <class T> int not_negative(const T *numbers, long count, const T *next) {  // whether all of a square are, of which that row is the second
    long pitch = count > 1 ? next - numbers : count;
    if (count > 0 && (pitch < count || !accessible(numbers, (count - 1) * pitch + count))) return 0;
    for (long i = 0; i < count; i++)
        for (long j = 0; j < count; j++)
            if (!(numbers[i * pitch + j] >= 0)) return 0;
    return 1;
}
