inline void synchronize() { if (held) check(cudaDeviceSynchronize(), "synchronize", 0); }  // so that a clock tells what kernels take
