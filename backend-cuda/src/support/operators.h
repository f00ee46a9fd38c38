@SUM@struct Sum { template <class T> static __device__ void join(T &value, T other) { value += other; } };
@PRODUCT@struct Product { template <class T> static __device__ void join(T &value, T other) { value *= other; } };
@MINIMUM@struct Minimum { template <class T> static __device__ void join(T &value, T other) { if (other < value) value = other; } };
@MAXIMUM@struct Maximum { template <class T> static __device__ void join(T &value, T other) { if (other > value) value = other; } };
@AND@struct And { template <class T> static __device__ void join(T &value, T other) { value &= other; } };
@OR@struct Or { template <class T> static __device__ void join(T &value, T other) { value |= other; } };
@XOR@struct Xor { template <class T> static __device__ void join(T &value, T other) { value ^= other; } };
