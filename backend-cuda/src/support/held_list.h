@!PAGES@// The device's copies of host memory that outlive a region while a `Residence` lasts.
@PAGES@// The device's copies of host memory that outlive a region.
struct Held;
thread_local Held *held = nullptr;  // all that are listed; no two share a byte
thread_local int residences = 0;
@CALLED@@STAYS@thread_local bool loop_is_apart = false;  // whether the loop that comes next has to work as if there were no device
@KNOWN@@!PAGES@thread_local long long stamps = 0;
@KNOWN@@PAGES@std::atomic<long long> stamps{0};
@WATCH@struct Watched { char *first, *last; Watched *outer; };
@WATCH@thread_local Watched *watched = nullptr;  // what the host may read at any time
