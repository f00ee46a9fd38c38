inline void synchronize() { check(cudaDeviceSynchronize(), "synchronize", 0); }  // so that a clock tells what kernels take
