template <class T> int not_negative(const T *numbers, long count, const T *next) {  // whether all of a square are, of which that row is the second
    for (long i = 0; i < count; i++)
        for (long j = 0; j < count; j++)
            if (!(numbers[i * (next - numbers) + j] >= 0)) return 0;
    return 1;
}
