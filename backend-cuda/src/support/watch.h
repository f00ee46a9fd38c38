struct Watch : Watched {  // for one scope, what kernels write of these elements goes home at once
    template <class T> Watch(const T *host, size_t count) : Watched{(char *)host, (char *)(host + count), watched} {
        fetch(host, count), watched = this;
    }
    ~Watch() { watched = outer; }
    Watch(const Watch &) = delete;
};
